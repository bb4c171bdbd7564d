import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { BuildContext } from "../../../src/lab/lab-context.ts";
import { labPaths, projectRoot } from "../../../src/lab/lab-paths.ts";
import { settleMachineValues } from "../../../src/lab/machine/settle-machine-values.ts";
import { readLabConfig, readOwnValues, setOwnValues } from "../../../src/lab/stack/stack-config.ts";
import type { Text } from "../../../src/model/text.ts";

/** The subnets of the engine's networks, by name. */
let networks: Record<string, string>;
let root: string;
let said: Text[];
let context: BuildContext;
const engine = createServer((request, response) => {
  response.writeHead(200, { "content-type": "application/json" });
  const all = Object.entries(networks).map(([Name, Subnet]) => ({
    Id: Name,
    Name,
    IPAM: { Config: [{ Subnet }] },
  }));
  response.end(JSON.stringify(request.url?.includes("/networks") ? all : []));
});

/** A range for documentation (RFC 5737), which no machine has. */
const subnet = "203.0.113.0/24";
const hosts = [{ name: "host1", domain: "a.test", address: "203.0.113.12", users: ["taro"] }];

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "mail-lab-settle-"));
  await copyFile(join(projectRoot, "Pulumi.yaml"), join(root, "Pulumi.yaml"));
  const socket = join(root, "docker.sock");
  await new Promise<void>((resolve) => engine.listen(socket, resolve));
  networks = {};
  said = [];
  context = {
    stack: "t",
    paths: labPaths("t", root),
    toolchain: {
      engineUrl: `unix://${socket}`,
      dockerHost: undefined,
      baseImage: "ubuntu:24.04",
      dockerInfo: { serverVersion: "20.10.0", cgroupVersion: "1", apparmor: true },
    },
    report: { say: (text: Text) => said.push(text) },
  } as unknown as BuildContext;
  await setOwnValues(context.paths, { subnet, hosts });
});
afterEach(async () => {
  await new Promise((resolve) => engine.close(resolve));
  await rm(root, { recursive: true });
});

describe("the machine's values", () => {
  it("are written into a new stack's configuration, which is whole then", async () => {
    await settleMachineValues(context);
    const config = await readLabConfig(context.paths);
    expect(config).toMatchObject({
      addressing: "docker",
      systemd: "entry",
      securityOpts: ["apparmor=unconfined"],
      baseImage: "ubuntu:24.04",
    });
    expect(Object.keys(config.publish.hosts ?? {})).toEqual(["host1"]);
    expect(said).toEqual([]);
  });

  it("are chosen anew for a lab that is built again, with a word on who has the range", async () => {
    await settleMachineValues(context);
    networks = { theirs: subnet };
    await settleMachineValues(context);
    const { addressing, carrierSubnet } = await readLabConfig(context.paths);
    expect(addressing).toBe("inside");
    expect(carrierSubnet).toMatch(/^10\.213\.\d+\.0\/24$/);
    expect(said.map(({ en }) => en).join()).toContain(`${subnet} is held by the Docker network theirs`);
    expect(said.map(({ ja }) => ja).join()).toContain(`使用中です（Dockerネットワーク theirs）`);
  });

  it("never take the place of what the user set since", async () => {
    await settleMachineValues(context);
    const own = {
      baseImage: "ubuntu:22.04",
      securityOpts: [],
      publish: {
        dns: 25_489,
        hosts: { host1: { ssh: 25_481, smtp: 25_482, pop3: 25_483, imap: 25_484 } },
      },
      systemd: "writable-cgroups",
    };
    await setOwnValues(context.paths, own);
    await settleMachineValues(context);
    await settleMachineValues(context);
    expect(await readOwnValues(context.paths)).toMatchObject(own);
  });

  it("fit the hosts of now: ports of a host that was taken out go", async () => {
    await settleMachineValues(context);
    await setOwnValues(context.paths, { hosts: [{ ...hosts[0], name: "host9" }] });
    await settleMachineValues(context);
    expect(Object.keys((await readLabConfig(context.paths)).publish.hosts ?? {})).toEqual(["host9"]);
  });

  it("have a carrier network where the user wants the addresses inside", async () => {
    await setOwnValues(context.paths, { addressing: "inside" });
    await settleMachineValues(context);
    expect((await readLabConfig(context.paths)).carrierSubnet).toMatch(/^10\.213\.\d+\.0\/24$/);
    expect(said).toEqual([]);
  });

  it("leave the user's own carrier network alone", async () => {
    await setOwnValues(context.paths, { addressing: "inside", carrierSubnet: "10.77.5.0/24" });
    await settleMachineValues(context);
    expect((await readLabConfig(context.paths)).carrierSubnet).toBe("10.77.5.0/24");
  });
});
