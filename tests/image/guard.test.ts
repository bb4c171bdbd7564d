import { createServer, type Server } from "node:net";
import { once } from "node:events";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SshConnection } from "../../src/protocols/ssh.ts";
import { waitUntil } from "../../src/protocols/wait-until.ts";
import { isFullRun } from "../support/full-run.ts";
import { buildImages, type BuiltImages } from "./built-images.ts";
import { createCarrierNetwork, testLabel, type CarrierNetwork } from "./carrier-network.ts";
import { startNode, type StartedNode } from "./started-node.ts";

/** What "at once" means: a silent loss would take twenty seconds; a machine at other work, some. */
const atOnceMs = isFullRun ? 1_000 : 20_000;

/** An address that belongs to nobody (RFC 5737), in place of a mail server outside. */
const outside = "198.51.100.25";

let images: BuiltImages;

beforeAll(async () => {
  images = await buildImages();
});

/** How a TCP connection from a node comes out, and after how long. */
async function connectFrom(
  ssh: SshConnection,
  address: string,
  port: number,
): Promise<{ outcome: "connected" | "refused" | "silent"; elapsedMs: number }> {
  const started = performance.now();
  const { exitCode, stderr } = await ssh.run(`timeout 20 bash -c '</dev/tcp/${address}/${port}'`);
  const elapsedMs = performance.now() - started;
  if (exitCode === 0) return { outcome: "connected", elapsedMs };
  return { outcome: /refused/i.test(stderr) ? "refused" : "silent", elapsedMs };
}

/** A listener of the machine on the gateway's address; it counts who comes. */
async function listenAt(address: string): Promise<{ server: Server; port: number; visits: () => number }> {
  let visits = 0;
  const server = createServer((socket) => {
    visits += 1;
    socket.destroy();
  });
  server.listen(0, address);
  await once(server, "listening");
  const bound = server.address();
  if (bound === null || typeof bound === "string") throw new Error("the listener has no port");
  return { server, port: bound.port, visits: () => visits };
}

describe.each(["inside", "docker"] as const)("the guard of a node whose address lives %s", (addressing) => {
  const third = addressing === "inside" ? 31 : 32;
  const lab = addressing === "inside" ? "192.168.1" : `10.77.${third}`;
  const resources = new AsyncDisposableStack();
  let network: CarrierNetwork;
  let host1: StartedNode;
  let host2: StartedNode;
  let ssh: SshConnection;
  let otherSsh: SshConnection;

  beforeAll(async () => {
    network = resources.use(await createCarrierNetwork(third));
    const common = {
      ...{ network, addressing, image: images.exercise, hasSystemd: true },
      ...{ subnet: `${lab}.0/24`, gateway: `${lab}.1` },
    };
    const host = (name: string, last: number) =>
      startNode({ ...common, hostname: name, address: `${lab}.${last}` });
    host1 = resources.use(await host("host1example1test", 12));
    host2 = resources.use(await host("host2example2test", 13));
    ssh = resources.use(await host1.login());
    otherSsh = resources.use(await host2.login());
  });

  afterAll(async () => {
    await resources.disposeAsync();
  });

  it.each([25, 465, 587])("refuses mail to the outside on port %i at once", async (port) => {
    const { outcome, elapsedMs } = await connectFrom(ssh, outside, port);
    expect(outcome).toBe("refused");
    expect(elapsedMs).toBeLessThan(atOnceMs);
  });

  it.each(["10.1.2.3", "100.64.0.1", "169.254.169.254", "172.20.0.1", "192.168.77.1"])(
    "refuses the private address %s at once",
    async (address) => {
      const { outcome, elapsedMs } = await connectFrom(ssh, address, 80);
      expect(outcome).toBe("refused");
      expect(elapsedMs).toBeLessThan(atOnceMs);
    },
  );

  it("refuses datagrams to a private address too", async () => {
    const { stderr } = await ssh.run("dig +tries=1 +time=2 @10.1.2.3 example.test; true");
    const { stdout } = await ssh.run("dig +tries=1 +time=2 @10.1.2.3 example.test; true");
    expect(stdout + stderr).toMatch(/host unreachable|connection refused|permission denied/);
  });

  it("keeps the machine that the lab runs on out of reach, but lets it be pinged", async () => {
    const { server, port, visits } = await listenAt(network.gateway);
    try {
      const { outcome, elapsedMs } = await connectFrom(ssh, network.gateway, port);
      expect({ outcome, visits: visits() }).toEqual({ outcome: "refused", visits: 0 });
      expect(elapsedMs).toBeLessThan(atOnceMs);
    } finally {
      server.close();
    }
    expect((await ssh.run(`ping -c 1 -W 20 ${network.gateway}`)).exitCode).toBe(0);
  });

  it("lets the lab's nodes reach each other, mail ports included", async () => {
    expect(await connectFrom(ssh, `${lab}.13`, 22)).toMatchObject({ outcome: "connected" });
    const listening = otherSsh.run("timeout 120 nc -l 2525", { deadlineMs: 150_000 });
    await waitUntil({ awaited: "nc on host2", deadlineMs: 120_000 }, async () => {
      const { outcome } = await connectFrom(ssh, `${lab}.13`, 2525);
      return outcome === "connected" ? true : undefined;
    });
    expect((await listening).exitCode).toBe(0);
    await host2.asRoot(otherSsh, "systemd-run --quiet nc -lk 25");
    await waitUntil({ awaited: "port 25 on host2", deadlineMs: 120_000 }, async () => {
      const { outcome } = await connectFrom(ssh, `${lab}.13`, 25);
      return outcome === "connected" ? true : undefined;
    });
  });

  it("sends from the lab's address", async () => {
    const { stdout } = await ssh.run(`ip -oneline route get ${lab}.13`);
    expect(stdout).toContain(`src ${lab}.12 `);
  });

  it("asks the lab's DNS server", async () => {
    expect((await ssh.run("cat /etc/resolv.conf")).stdout).toBe("nameserver 192.168.1.11\n");
  });

  it("names itself by the lab's address", async () => {
    expect((await ssh.run("hostname -i")).stdout.trim()).toBe(`${lab}.12`);
  });

  if (addressing === "inside") {
    it("keeps the carrier network out of reach", async () => {
      const peer = await host2.inspect("{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}");
      const { outcome, elapsedMs } = await connectFrom(ssh, peer, 22);
      expect(outcome).toBe("refused");
      expect(elapsedMs).toBeLessThan(atOnceMs);
    });
  }
});

describe("lab-entry", () => {
  /** Runs the image with these options until it ends by itself. */
  async function runEntry(...options: string[]): Promise<{ exitCode: number | undefined; stderr: string }> {
    const { exitCode, stderr } = await execa(
      "docker",
      ["run", "--rm", "--label", testLabel, ...options, images.base, "echo", "it starts"],
      { reject: false, timeout: 20_000 },
    );
    return { exitCode, stderr };
  }
  const environment = [
    ...["--env", "MAIL_LAB_ADDRESSING=inside", "--env", "MAIL_LAB_ADDRESS=192.168.1.12/24"],
    ...["--env", "MAIL_LAB_SUBNET=192.168.1.0/24", "--env", "MAIL_LAB_GATEWAY=192.168.1.1"],
  ];

  it("runs the command once all is set", async () => {
    expect(await runEntry("--cap-add", "NET_ADMIN", ...environment)).toMatchObject({ exitCode: 0 });
  });

  it("does not start a node whose guard cannot be set, and says why", async () => {
    const { exitCode, stderr } = await runEntry(...environment);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("the guard that keeps mail inside the lab cannot be set");
  });

  it("does not start without its environment, and names what is missing", async () => {
    const { exitCode, stderr } = await runEntry("--cap-add", "NET_ADMIN");
    expect(exitCode).toBe(1);
    expect(stderr).toContain("MAIL_LAB_ADDRESSING is not set");
  });

  it("does not start a node without a network", async () => {
    const { exitCode, stderr } = await runEntry(
      "--cap-add",
      "NET_ADMIN",
      "--network",
      "none",
      ...environment,
    );
    expect(exitCode).toBe(1);
    expect(stderr).toContain("this container has no network");
  });

  it("says what it needs where the cgroup tree cannot be opened", async () => {
    const words = ["--cap-add", "NET_ADMIN", ...environment, "--env", "MAIL_LAB_SYSTEMD=entry"];
    const { exitCode, stderr } = await runEntry(...words);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("It needs SYS_ADMIN");
  });
});
