import { readFileSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import Docker from "dockerode";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freeSubnetPrefix, labelled, removeLabelled } from "./docker-leftovers.ts";
import { EngineProject } from "./engine-project.ts";
import { expectedPlan } from "./expected-differences.ts";
import { freePort } from "./free-port.ts";
import { inOrder, plan, type PlanMatrix } from "./planned-step.ts";
import { importTinyImage } from "./tiny-image.ts";

const golden = join(import.meta.dirname, "golden");
const matrix = JSON.parse(readFileSync(join(golden, "plan-matrix.json"), "utf8")) as PlanMatrix;
const LABEL = "mail-lab.stack=conf-drift";
const CONTAINER = "conf-host1";
const SECOND_OCTET = 213;
const UP_TIMEOUT_MS = 300_000;

/** Rows that are about a container that exists, in the order in which this file makes them come true. */
const rows = [
  "refresh-clean",
  "drift-stopped-norefresh",
  "drift-stopped-refresh",
  "drift-removed-norefresh",
  "drift-removed-refresh",
  "drift-network-removed-refresh",
] as const;

/** The recorded program with names, addresses and ports that are free here, on an image that is here. */
async function moveProgram(project: EngineProject, docker: Docker, image: string): Promise<void> {
  const prefix = await freeSubnetPrefix(docker, SECOND_OCTET);
  const [smtp, imap] = [await freePort(), await freePort()];
  const program = project.path("infra", "index.ts");
  const text = await readFile(program, "utf8");
  const moved = text
    .replaceAll("192.168.1.", `${prefix}.`)
    .replaceAll("dev-", "conf-")
    .replaceAll('"dev"', '"conf-drift"')
    .replaceAll("br-lab", "br-conf")
    .replaceAll("golden/rbuilt:dev", "conf-golden/rbuilt:dev")
    .replaceAll("12525", String(smtp))
    .replaceAll("12143", String(imap));
  await writeFile(program, moved);
  const dockerfile = project.path("ctx", "Dockerfile");
  await writeFile(dockerfile, (await readFile(dockerfile, "utf8")).replace("labbase:bookworm", image));
}

describe("what the offline plugins plan after somebody changed a container by hand", () => {
  const docker = new Docker();
  let project: EngineProject | undefined;

  const started = (): EngineProject => {
    if (project === undefined) throw new Error("the program was not brought up");
    return project;
  };
  const expectRow = async (row: (typeof rows)[number], args: readonly string[] = []): Promise<void> => {
    expect(inOrder(await plan(started(), "base", args))).toEqual(inOrder(expectedPlan(matrix, row)));
  };

  beforeAll(async () => {
    await removeLabelled(docker, LABEL);
    const image = await importTinyImage(docker, "conf-drift-base", "test");
    project = await EngineProject.create(join(golden, "program"));
    await moveProgram(project, docker, image);
    await project.pulumi(["up", "--yes", "--skip-preview"], { VARIANT: "base" });
  }, UP_TIMEOUT_MS);

  afterAll(async () => {
    await removeLabelled(docker, LABEL);
    await docker.getImage("conf-drift-base:test").remove({ force: true });
    await project?.[Symbol.asyncDispose]();
  });

  it("covers every recorded row that needs a container", () => {
    const live = Object.keys(matrix).filter((variant) => /^(?:drift-|refresh-)/u.test(variant));
    expect(live.toSorted()).toEqual(rows.toSorted());
  });

  it("is nothing where nobody changed anything", async () => {
    await expectRow("refresh-clean", ["--refresh"]);
    await started().pulumi(["refresh", "--yes", "--skip-preview", "--expect-no-changes"]);
    await expectRow("refresh-clean");
  });

  it("is as recorded for a stopped container", async () => {
    await docker.getContainer(CONTAINER).stop({ t: 0 });
    await expectRow("drift-stopped-norefresh");
    await expectRow("drift-stopped-refresh", ["--refresh"]);
  });

  it("is as recorded for a removed container", async () => {
    await docker.getContainer(CONTAINER).remove({ force: true });
    await expectRow("drift-removed-norefresh");
    await expectRow("drift-removed-refresh", ["--refresh"]);
  });

  it("is as recorded for a removed network", async () => {
    await docker.getNetwork("conf-lan").remove();
    await expectRow("drift-network-removed-refresh", ["--refresh"]);
  });

  it("leaves nothing behind when what is left is destroyed", async () => {
    await started().pulumi(["destroy", "--yes", "--skip-preview"]);
    expect(await labelled(docker, LABEL)).toEqual({ containers: [], networks: [], volumes: [] });
    await expect(docker.getImage("conf-golden/rbuilt:dev").inspect()).rejects.toThrow(/no such image/iu);
  });
});
