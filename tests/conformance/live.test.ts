import { randomBytes } from "node:crypto";
import { join } from "node:path";
import Docker from "dockerode";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freeSubnetPrefix, labelled, removeLabelled } from "./docker-leftovers.ts";
import { EngineProject } from "./engine-project.ts";
import { engineLimitsMemory } from "./memory-limits.ts";
import { plan } from "./planned-step.ts";
import { runName } from "./run-name.ts";
import { importTinyImage } from "./tiny-image.ts";

const RUN = runName("live");
const LABEL = `mail-lab.test=${RUN}`;
const NAME = `${RUN}-host`;
const NETWORK = `${RUN}-lan`;
const VOLUME = `${RUN}-spool`;
const SECOND_OCTET = 214;
const UP_TIMEOUT_MS = 300_000;
const HOST = "docker:index/container:Container::host";

/** Where Docker keeps what it knows of a file, base64 of JSON. */
interface PathStat {
  readonly mode: number;
  readonly size: number;
}

describe.runIf(await engineLimitsMemory())("a program's life on the offline docker plugin", () => {
  const docker = new Docker();
  const secret = randomBytes(16).toString("hex");
  const environment: Record<string, string> = { CONF_RUN: RUN, CONF_SECRET: secret };
  let project: EngineProject | undefined;

  const pulumi = async (variant: string, ...args: string[]): Promise<string> => {
    if (project === undefined) throw new Error("the project was not made");
    const { stdout } = await project.pulumi(args, { ...environment, VARIANT: variant });
    return stdout;
  };
  const planned = async (variant: string, ...args: string[]): Promise<unknown> => {
    if (project === undefined) throw new Error("the project was not made");
    Object.assign(process.env, environment);
    return plan(project, variant, args);
  };
  const up = (variant: string, ...args: string[]): Promise<string> =>
    pulumi(variant, "up", "--yes", "--skip-preview", ...args);
  const containerId = async (): Promise<string> => (await docker.getContainer(NAME).inspect()).Id;

  beforeAll(async () => {
    environment["CONF_IMAGE"] = await importTinyImage(docker, `${RUN}-base`, "test");
    environment["CONF_PREFIX"] = await freeSubnetPrefix(docker, SECOND_OCTET);
    project = await EngineProject.create(join(import.meta.dirname, "live-program"));
    await up("base");
  }, UP_TIMEOUT_MS);

  afterAll(async () => {
    await removeLabelled(docker, LABEL);
    await docker.getImage(`${RUN}-base:test`).remove({ force: true });
    await project?.[Symbol.asyncDispose]();
  });

  it("makes what the program says", async () => {
    const live = await docker.getContainer(NAME).inspect();
    expect(live.State.Health?.Status).toBe("healthy");
    expect(Object.keys(live.NetworkSettings.Networks)).toEqual([NETWORK]);
    const endpoint = live.NetworkSettings.Networks[NETWORK];
    expect(endpoint?.IPAddress).toBe(`${environment["CONF_PREFIX"] ?? ""}.12`);
    expect(endpoint?.Aliases).toContain("mail");
    expect(live.HostConfig).toMatchObject({
      Memory: 64 * 1024 * 1024,
      CapAdd: ["CAP_NET_ADMIN"],
      Binds: [`${VOLUME}:/srv:rw`],
      SecurityOpt: expect.arrayContaining(["no-new-privileges"]) as unknown,
    });
  });

  it("uploads files with their modes, and a secret one shows nowhere else", async () => {
    const container = docker.getContainer(NAME);
    const statOf = async (path: string): Promise<PathStat> => {
      const response = (await container.infoArchive({ path })) as { headers: Record<string, string> };
      const header = response.headers["x-docker-container-path-stat"] ?? "";
      return JSON.parse(Buffer.from(header, "base64").toString("utf8")) as PathStat;
    };
    expect(await statOf("/etc/secret/key")).toMatchObject({ mode: 0o600, size: secret.length });
    expect(await statOf("/etc/motto")).toMatchObject({ mode: 0o744, size: "one, two\n".length });
    expect(JSON.stringify(await container.inspect())).not.toContain(secret);
    expect(await pulumi("base", "stack", "export")).not.toContain(secret);
  });

  it("plans nothing for an unchanged program, before and after a refresh", async () => {
    expect(await planned("base")).toEqual([]);
    await pulumi("base", "refresh", "--yes", "--skip-preview", "--expect-no-changes");
    expect(await planned("base")).toEqual([]);
  });

  it("changes the memory of the container in place", async () => {
    const id = await containerId();
    await up("memory");
    const live = await docker.getContainer(NAME).inspect();
    expect(live.Id).toBe(id);
    expect(live.HostConfig.Memory).toBe(96 * 1024 * 1024);
    expect(await planned("memory", "--refresh")).toEqual([]);
  });

  it("replaces the container for another environment", async () => {
    const id = await containerId();
    await up("envs");
    const live = await docker.getContainer(NAME).inspect();
    expect(live.Id).not.toBe(id);
    expect(live.Config.Env).toContain("A=2");
    await expect(docker.getContainer(id).inspect()).rejects.toThrow(/no such container/iu);
  });

  it("starts a container again that was stopped by hand", async () => {
    const id = await containerId();
    await docker.getContainer(NAME).stop({ t: 0 });
    expect(await planned("envs", "--refresh")).toEqual([
      { op: "update", resource: HOST, detailedDiff: { mustRun: "update" } },
    ]);
    await up("envs", "--refresh");
    const live = await docker.getContainer(NAME).inspect();
    expect(live.Id).toBe(id);
    expect(live.State.Running).toBe(true);
    expect(await planned("envs", "--refresh")).toEqual([]);
  });

  it("takes a limit back that was changed by hand", async () => {
    await docker.getContainer(NAME).update({ Memory: 80 * 1024 * 1024, MemorySwap: 160 * 1024 * 1024 });
    expect(await planned("envs", "--refresh")).toEqual([
      { op: "update", resource: HOST, detailedDiff: { memory: "update" } },
    ]);
    await up("envs", "--refresh");
    expect((await docker.getContainer(NAME).inspect()).HostConfig.Memory).toBe(64 * 1024 * 1024);
  });

  it("makes a container and a network again that were removed by hand", async () => {
    await docker.getContainer(NAME).remove({ force: true });
    await docker.getNetwork(NETWORK).remove();
    await up("envs", "--refresh");
    expect(await labelled(docker, LABEL)).toEqual({
      containers: [NAME],
      networks: [NETWORK],
      volumes: [VOLUME],
    });
  });

  it("leaves nothing behind when it is destroyed", async () => {
    await pulumi("envs", "destroy", "--yes", "--skip-preview");
    expect(await labelled(docker, LABEL)).toEqual({ containers: [], networks: [], volumes: [] });
  });
});
