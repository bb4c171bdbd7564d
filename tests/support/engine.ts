import type Docker from "dockerode";
import { dockerClient } from "../../src/engine/docker-engine.ts";
import { labelNames } from "../../src/model/labels.ts";
import { labUnderTest } from "./lab-under-test.ts";

/** A container of the lab under test, as the engine knows it. */
export interface NodeUnderTest {
  /** `dns`, `host1`, … */
  node: string;
  container: Docker.Container;
  inspected: Docker.ContainerInspectInfo;
}

/** The engine that the lab runs on, as `DOCKER_HOST` names it. */
export function engineUnderTest(): Docker {
  return dockerClient(process.env["DOCKER_HOST"] ?? "");
}

/** Every container of the lab under test. */
export async function nodesUnderTest(): Promise<NodeUnderTest[]> {
  const docker = engineUnderTest();
  const filters = JSON.stringify({ label: [`${labelNames.stack}=${labUnderTest().stack}`] });
  const containers = await docker.listContainers({ all: true, filters });
  return await Promise.all(
    containers.map(async ({ Id, Labels }) => {
      const container = docker.getContainer(Id);
      return { node: Labels[labelNames.node] ?? "", container, inspected: await container.inspect() };
    }),
  );
}
