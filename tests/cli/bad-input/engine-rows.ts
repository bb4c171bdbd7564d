import { request, type RequestListener } from "node:http";
import { createServer } from "node:net";
import { execa } from "execa";
import { stringify } from "yaml";
import { startEngineDouble, startSilentEngine } from "../../support/engine-double.ts";
import type { BadMachine, Planted } from "./bad-input.ts";
import type { ScratchCheckout } from "./scratch-checkout.ts";

const engineSocket = (process.env["DOCKER_HOST"] ?? "").replace(/^unix:\/\//, "") || "/var/run/docker.sock";

/** The machine's own engine, save that it says of itself what it is told; what it does not let pass it refuses. */
function engineThatSays(facts: object, mayPass: (path: string) => boolean = () => true): RequestListener {
  return (asked, answer) => {
    const { method, headers } = asked;
    const url = asked.url ?? "/";
    if (!/\/info$/.test(url) && !mayPass(url)) {
      answer.writeHead(500, { "content-type": "application/json" });
      answer.end(JSON.stringify({ message: "the disk of the engine is on fire" }));
      return;
    }
    const forwarded = request({ socketPath: engineSocket, method, path: url, headers }, (reply) => {
      if (!/\/info$/.test(url)) {
        answer.writeHead(reply.statusCode ?? 500, reply.headers);
        reply.pipe(answer);
        return;
      }
      const chunks: Buffer[] = [];
      reply.on("data", (chunk: Buffer) => chunks.push(chunk));
      reply.on("end", () => {
        const info = JSON.parse(Buffer.concat(chunks).toString()) as object;
        answer.writeHead(200, { "content-type": "application/json" });
        answer.end(JSON.stringify({ ...info, ...facts }));
      });
    });
    forwarded.on("error", () => answer.destroy());
    asked.pipe(forwarded);
  };
}

async function behind(double: AsyncDisposable & { readonly url: string }): Promise<Planted> {
  return Promise.resolve({
    env: { DOCKER_HOST: double.url },
    remove: async () => double[Symbol.asyncDispose](),
  });
}

const engineAt = (url: string) => async (): Promise<Planted> =>
  Promise.resolve({ env: { DOCKER_HOST: url } });

/** Writes a stack's configuration as a person does. */
async function configure(scratch: ScratchCheckout, config: Readonly<Record<string, unknown>>): Promise<void> {
  const named = Object.entries(config).map(([key, value]) => [`mail-lab:${key}`, value] as const);
  await scratch.write(`Pulumi.${scratch.stack}.yaml`, stringify({ config: Object.fromEntries(named) }));
}

/** Makes a Docker network that is not the lab's, of a range that nobody else has. */
async function plantNetwork(name: string, subnet: string): Promise<() => Promise<unknown>> {
  await execa("docker", ["network", "create", "--subnet", subnet, name]);
  return async () => execa("docker", ["network", "rm", name]);
}

const hosts = [
  { name: "host1", domain: "example1.test", address: "10.77.241.12", users: ["user1"] },
  { name: "host2", domain: "example2.test", address: "10.77.241.13", users: ["user2"] },
];

/** Engines that can't be used, and wishes that this machine can't fulfil. */
export const engineRows: readonly BadMachine[] = [
  {
    name: "an engine's socket that isn't there",
    plant: engineAt("unix:///nowhere/docker.sock"),
    code: "LAB_DOCKER_SILENT",
    exit: 4,
    en: ["No Docker engine answers at unix:///nowhere/docker.sock (DOCKER_HOST): no socket there"],
    ja: ["unix:///nowhere/docker.sock（DOCKER_HOST）のDockerエンジンが応答しません: ソケットがありません"],
  },
  {
    name: "an engine's port where nothing listens",
    plant: engineAt("tcp://127.0.0.1:1"),
    code: "LAB_DOCKER_SILENT",
    exit: 4,
    en: ["No Docker engine answers at tcp://127.0.0.1:1 (DOCKER_HOST)"],
    ja: ["tcp://127.0.0.1:1（DOCKER_HOST）のDockerエンジンが応答しません"],
  },
  {
    name: "an engine that takes a question and never answers",
    plant: async () => behind(await startSilentEngine()),
    code: "LAB_DOCKER_SILENT",
    exit: 4,
    en: ["(DOCKER_HOST): no answer within 3 s"],
    ja: ["3秒以内に応答がありません"],
  },
  {
    name: "something else at the engine's socket",
    plant: async () => behind(await startEngineDouble((_asked, answer) => answer.end("{}"))),
    code: "LAB_DOCKER_SILENT",
    exit: 4,
    en: ["what answers there is no Docker engine"],
    ja: ["応答しているのはDockerエンジンではありません"],
  },
  {
    name: "an engine too old",
    plant: async () => behind(await startEngineDouble(engineThatSays({ ServerVersion: "19.03.15" }))),
    code: "LAB_DOCKER_OLD",
    exit: 4,
    en: ["is 19.03.15; the lab needs 20.10 or newer."],
    ja: ["は19.03.15です。ラボには20.10以降が必要です。"],
  },
  {
    name: "an engine that refuses what it is asked",
    plant: async () =>
      behind(await startEngineDouble(engineThatSays({}, (path) => path.includes("/images/")))),
    code: "LAB_ENGINE_REFUSED",
    exit: 5,
    en: ["The Docker engine refused: ", "the disk of the engine is on fire"],
    ja: ["Dockerエンジンが拒否しました: ", "the disk of the engine is on fire"],
  },
  {
    name: "a way to the cgroups that the engine hasn't",
    plant: async (scratch) => {
      await configure(scratch, { systemd: "writable-cgroups" });
      return behind(await startEngineDouble(engineThatSays({ ServerVersion: "20.10.24" })));
    },
    code: "LAB_SYSTEMD_OPTION",
    exit: 2,
    en: ["systemd: writable-cgroups needs Docker Engine 28", "20.10.24"],
    ja: ["systemd: writable-cgroups にはDocker Engine 28", "20.10.24"],
  },
  {
    name: "an engine in the configuration that is not the one of this shell",
    plant: async (scratch) => {
      await configure(scratch, { engine: "tcp://127.0.0.1:2375" });
      return {};
    },
    code: "LAB_OTHER_ENGINE",
    exit: 2,
    en: ["engine: ", "tcp://127.0.0.1:2375", "the default engine"],
    ja: ["engine: ", "tcp://127.0.0.1:2375", "既定のエンジン"],
  },
  {
    name: "a base image that there isn't",
    plant: async (scratch) => {
      await configure(scratch, { baseImage: "127.0.0.1:1/no-such-image:1" });
      return {};
    },
    code: "LAB_BASE_IMAGE",
    exit: 2,
    en: ["baseImage: the engine has no image 127.0.0.1:1/no-such-image:1 and could not get it"],
    ja: ["baseImage: イメージ 127.0.0.1:1/no-such-image:1 はエンジンになく、取得もできませんでした"],
  },
  {
    name: "a port that another program has",
    plant: async (scratch) => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(takenPort, "127.0.0.1", resolve));
      // The hosts have other ports than a lab beside this test.
      const ports = { ssh: 25_391, smtp: 25_392, pop3: 25_393, imap: 25_394 };
      const named = { host1: ports, host2: { ssh: 25_395, smtp: 25_396, pop3: 25_397, imap: 25_398 } };
      await configure(scratch, { publish: { dns: takenPort, hosts: named } });
      return { remove: async () => new Promise((resolve) => server.close(resolve)) };
    },
    code: "LAB_PORT_TAKEN",
    exit: 2,
    en: ["publish.dns: the port 25399 on 127.0.0.1 is taken by another program"],
    ja: ["publish.dns: 127.0.0.1のポート 25399 はほかのプログラムが使用中です"],
  },
  {
    name: "an address to listen on that the machine hasn't",
    plant: async (scratch) => {
      await configure(scratch, { listen: "203.0.113.77" });
      return {};
    },
    code: "LAB_LISTEN_ADDRESS",
    exit: 2,
    en: ["listen: this machine hasn't the address 203.0.113.77; it has "],
    ja: ["listen: このマシンにアドレス 203.0.113.77 はありません"],
  },
  {
    name: "a subnet that a Docker network has",
    plant: async (scratch) => {
      await configure(scratch, { addressing: "docker", subnet: "10.77.241.0/24", hosts });
      return { remove: await plantNetwork(`${scratch.stack}-theirs`, "10.77.241.0/25") };
    },
    code: "LAB_RANGE_TAKEN",
    exit: 5,
    en: ["subnet: 10.77.241.0/24 is held by the Docker network"],
    ja: ["subnet: 10.77.241.0/24は使用中です"],
  },
  {
    name: "a carrier network that a Docker network has",
    plant: async (scratch) => {
      await configure(scratch, { addressing: "inside", carrierSubnet: "10.77.242.0/24" });
      return { remove: await plantNetwork(`${scratch.stack}-theirs`, "10.77.242.128/25") };
    },
    code: "LAB_RANGE_TAKEN",
    exit: 5,
    en: ["carrierSubnet: 10.77.242.0/24 is held by the Docker network"],
    ja: ["carrierSubnet: 10.77.242.0/24は使用中です"],
  },
];

const takenPort = 25_399;
