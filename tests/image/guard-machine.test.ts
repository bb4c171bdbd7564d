import { release } from "node:os";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { machineAddresses, ownAddresses } from "../../src/lab/machine/own-addresses.ts";
import type { SshConnection } from "../../src/protocols/ssh.ts";
import { waitUntil } from "../../src/protocols/wait-until.ts";
import { frameProgram, hasEgressRules, shoutProgram } from "../support/frames.ts";
import { MachineListener } from "../support/machine-listener.ts";
import { buildImages } from "./built-images.ts";
import { createCarrierNetwork, testLabel, uniqueName, type CarrierNetwork } from "./carrier-network.ts";
import { startNode, type StartedNode } from "./started-node.ts";

/** How a TCP connection comes out, told by the shell that tried it. */
const tryLine = (address: string, port: number): string =>
  `timeout 25 bash -c '</dev/tcp/${address}/${port}' 2>&1 && echo connected; true`;

describe("a node that knows the machine it is on", () => {
  const resources = new AsyncDisposableStack();
  const neighbour = uniqueName("neighbour");
  let network: CarrierNetwork;
  /** One that nobody else may come to, and one whose ssh is for everybody. */
  let closed: StartedNode;
  let open: StartedNode;
  let ssh: SshConnection;
  let openSsh: SshConnection;

  /** Runs a line on the machine beside the lab's: on the same wire, and no part of the lab. */
  async function fromNeighbour(words: readonly string[], input = ""): Promise<string> {
    return (await execa("docker", ["exec", "--interactive", neighbour, ...words], { input })).stdout;
  }

  const addressOnWire = (node: StartedNode): Promise<string> =>
    node.inspect("{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}");

  /** Waits until the listener has heard this from the neighbour: what came before it has come, or never will. */
  async function heardLast(listener: MachineListener, word: string): Promise<void> {
    await fromNeighbour(["perl", "-", network.gateway, String(listener.udpPort), word], shoutProgram);
    await waitUntil({ awaited: `“${word}” at the machine`, deadlineMs: 120_000 }, () =>
      Promise.resolve(listener.words.includes(word) ? true : undefined),
    );
  }

  beforeAll(async () => {
    const images = await buildImages();
    network = resources.use(await createCarrierNetwork(33));
    const machine = machineAddresses("", { hostName: (await execa("hostname")).stdout, rootless: false });
    const common = { network, image: images.exercise, hasSystemd: true };
    const environment = { MAIL_LAB_MACHINE: machine.join(" ") };
    closed = resources.use(
      await startNode({ ...common, hostname: "host1example1test", address: "192.168.1.12", environment }),
    );
    open = resources.use(
      await startNode({
        ...{ ...common, hostname: "host2example2test", address: "192.168.1.13" },
        environment: { ...environment, MAIL_LAB_LISTEN: "0.0.0.0" },
      }),
    );
    await execa("docker", [
      ...["run", "--detach", "--rm", "--name", neighbour, "--label", testLabel, "--network", network.name],
      ...["--entrypoint", "sleep", images.base, "infinity"],
    ]);
    resources.defer(async () => {
      await execa("docker", ["rm", "--force", neighbour]);
    });
    ssh = resources.use(await closed.login());
    openSsh = resources.use(await open.login());
  });

  afterAll(async () => {
    await resources.disposeAsync();
  });

  it("does not reach the machine by any of its addresses", async () => {
    const own = ownAddresses();
    if (own.length === 0) process.stderr.write("this machine has no address but the loopback's\n");
    for (const { address } of own) {
      const { stdout } = await ssh.run(tryLine(address, 22));
      expect(stdout, address).toContain("refused");
    }
  });

  it("takes nobody from outside the lab, unless its ssh is for others, and then by ssh alone", async () => {
    await open.asRoot(openSsh, "systemd-run --quiet nc -lk 25");
    await waitUntil({ awaited: "port 25 on host2", deadlineMs: 120_000 }, async () => {
      const { stdout } = await ssh.run(tryLine("192.168.1.13", 25));
      return stdout.includes("connected") ? true : undefined;
    });
    const tried = async (node: StartedNode, port: number) =>
      fromNeighbour(["bash", "-c", tryLine(await addressOnWire(node), port)]);
    expect(await tried(closed, 22)).toContain("refused");
    expect(await tried(open, 22)).toContain("connected");
    expect(await tried(open, 25)).toContain("refused");
  });

  it("can't speak to everybody on the wire, nor to a group", async () => {
    await using listener = await MachineListener.open();
    const everybody = [network.subnet.replace(/0\/24$/, "255"), "255.255.255.255"];
    for (const to of everybody) {
      await fromNeighbour(["perl", "-", to, String(listener.udpPort), `neighbour to ${to}`], shoutProgram);
      const { stdout } = await ssh.run(`perl - ${to} ${listener.udpPort} 'node to ${to}'`, {
        stdin: shoutProgram,
      });
      expect(stdout, to).toContain("refused");
    }
    await heardLast(listener, "the last");
    expect(listener.words).toEqual([...everybody.map((to) => `neighbour to ${to}`), "the last"]);
    for (const group of ["224.0.0.251", "239.255.255.250"]) {
      const { stdout } = await ssh.run(`perl - ${group} 5353 word`, { stdin: shoutProgram });
      expect(stdout, group).toContain("refused");
    }
  });

  it("can't speak past its rules by frames that root makes by hand", async ({ skip }) => {
    if (!hasEgressRules()) return skip(`the kernel ${release()} is older than 5.16`);
    await using listener = await MachineListener.open();
    const program = await frameProgram();
    const words = (who: string) => `perl - eth0 ${network.gateway} ${listener.udpPort} ${who}`;
    await fromNeighbour(["ping", "-c", "1", network.gateway]);
    await fromNeighbour(["sh", "-c", words("neighbour")], program);
    expect((await ssh.run(`ping -c 1 ${network.gateway}`)).exitCode).toBe(0);
    const password = closed.secrets.password;
    await ssh.run("cat > /tmp/say.pl", { stdin: program });
    const { exitCode, stderr } = await ssh.run(
      `sudo -S -p '' ${words("node").replace("perl -", "perl /tmp/say.pl")}`,
      { stdin: `${password}\n` },
    );
    expect(exitCode, stderr).toBe(0);
    await heardLast(listener, "the last");
    expect(listener.words).toEqual(["neighbour", "the last"]);
  });

  it("goes on where it was after a restart", async () => {
    await closed.docker("restart");
    await using again = await closed.login();
    const { stdout } = await again.run(tryLine("192.168.1.13", 22));
    expect(stdout).toContain("connected");
  });
});
