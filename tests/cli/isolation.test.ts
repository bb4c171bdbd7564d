import { randomBytes } from "node:crypto";
import { networkInterfaces } from "node:os";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { labPaths } from "../../src/lab/lab-paths.ts";
import { setOwnValues } from "../../src/lab/stack/stack-config.ts";
import { quoteWord } from "../../src/model/quote-word.ts";
import { arrived, messageIds, once, post } from "../support/counted-mail.ts";
import { frameProgram, hasEgressRules, shoutProgram } from "../support/frames.ts";
import { isFullRun } from "../support/full-run.ts";
import { LabInHand } from "../support/lab-in-hand.ts";
import { MachineListener } from "../support/machine-listener.ts";
import {
  countPackets,
  plantForeignPacket,
  watchedNodes,
  watchPackets,
  type WatchedNode,
} from "../support/packet-watch.ts";

const suffix = randomBytes(3).toString("hex");
const seats = isFullRun ? 5 : 2;
if (!isFullRun) console.error("isolation: 2 seats; with ./lab test --full 5");
const stacks = Array.from({ length: seats }, (_, index) => `seat${index + 1}-${suffix}`);
const planted = `seat-planted-${suffix}`;
/** Mails each way in each lab while the others are tried. */
const mailsEachWay = isFullRun ? 30 : 10;
/** Mails that are handed over at a time; while another lab is reset, over and over until it is. */
const batch = 5;
const nodes = ["dns", "host1", "host2"];
const host1 = { host: "host1", user: "user1" };
const host2 = { host: "host2", user: "user2" };
const mailPorts = [25, 110, 143];
const buildTimeoutMs = 600_000;
const loadTimeoutMs = 900_000;
/** Longer than until Postfix tries a mail again that it had to put off (five minutes). */
const arrivalDeadlineMs = 400_000;
/** How long Postfix leaves a mail alone that could not be delivered (minimal_backoff_time). */
const queueRetrySeconds = 300;

/** Somebody else's networks, and where a cloud tells its machines their secrets. */
const privatePlaces = [
  "10.1.2.3",
  "10.255.255.254",
  "100.64.0.1",
  "169.254.169.254",
  "172.16.0.1",
  "172.31.255.254",
  "192.168.0.1",
  "192.168.77.1",
];

interface Place {
  readonly address: string;
  readonly port: number;
}

/** Tries each "ADDRESS PORT" that it reads, some side by side, for so long, and says which of them answered. */
const tryProgram = (seconds: number): string => `xargs -P 12 -n 2 bash -c \
  'timeout ${seconds} bash -c "</dev/tcp/$0/$1" 2>/dev/null && echo "$0 $1"; true'`;
/** For what must not answer; and for what has to, where a busy machine may take its time. */
const [noAnswerSeconds, answerSeconds] = [4, 60];

function cross(addresses: readonly string[], ports: readonly number[]): readonly Place[] {
  return addresses.flatMap((address) => ports.map((port) => ({ address, port })));
}

function listOf(places: readonly Place[]): string {
  return places.map(({ address, port }) => `${address} ${port}\n`).join("");
}

/** All addresses of the machine, its bridges' too. */
function machineAddresses(family: "IPv4" | "IPv6"): readonly string[] {
  const all = Object.values(networkInterfaces()).flatMap((addresses = []) => addresses);
  return all.filter((entry) => entry.family === family && !entry.internal).map(({ address }) => address);
}

async function docker(...words: readonly string[]): Promise<string> {
  return (await execa("docker", words)).stdout.trim();
}

/** Where the machine joins a lab's carrier network. */
async function gatewayOf(stack: string): Promise<string> {
  return docker(...["network", "inspect", `${stack}-lan`, "--format", "{{(index .IPAM.Config 0).Gateway}}"]);
}

async function carrierAddresses(stack: string): Promise<readonly string[]> {
  const containers = nodes.map((node) => `${stack}-${node}`);
  const format = "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}";
  return (await docker("inspect", "--format", format, ...containers)).split("\n");
}

/** What a seat must not reach. */
interface Forbidden {
  readonly places: readonly Place[];
  readonly gateway: string;
}

/** Everything beside a seat: the other seats, the machine with what listens there, and other people's networks. */
async function forbiddenTo(
  lab: LabInHand,
  labs: readonly LabInHand[],
  machinePort: number,
): Promise<Forbidden> {
  const others = labs.filter((other) => other !== lab);
  const carriers = (await Promise.all(others.map(({ stack }) => carrierAddresses(stack)))).flat();
  const published = others.flatMap(({ hosts }) => hosts.flatMap(({ ports }) => Object.values(ports)));
  const ownPorts = lab.hosts.map(({ ports }) => ports.ssh);
  const linkLocal = machineAddresses("IPv6").map((address) =>
    address.startsWith("fe80:") ? `${address}%eth0` : address,
  );
  return {
    gateway: await gatewayOf(lab.stack),
    places: [
      ...cross(carriers, [22, 53, ...mailPorts]),
      ...cross(machineAddresses("IPv4"), [machinePort, ...published, ...ownPorts]),
      ...cross(linkLocal, [machinePort]),
      ...cross(privatePlaces, [22, 25, 80]),
    ],
  };
}

/** Runs a line on a seat's host as the administrator, or as root. */
async function runAs(user: "ubuntu" | "root", lab: LabInHand, line: string): Promise<string> {
  return user === "root" ? lab.asRoot("host1", line) : lab.on("host1", "ubuntu", `sh -c ${quoteWord(line)}`);
}

/** Mails both ways in a lab, which all arrive, each once. */
async function expectMail(lab: LabInHand, count: number): Promise<void> {
  await Promise.all(
    (
      [
        [host1, host2, "user2@example2.test"],
        [host2, host1, "user1@example1.test"],
      ] as const
    ).map(async ([from, to, address]) => {
      const ids = messageIds(`${lab.stack}-${from.host}`, count);
      for (let first = 0; first < count; first += batch)
        await post(lab, from, address, ids.slice(first, first + batch));
      expect(await arrived(lab, to, ids, arrivalDeadlineMs)).toEqual(once(ids));
    }),
  );
}

/** How late the latest of a host's mails was handed on, by its own log; and that none had to be put off. */
async function latestDelaySeconds(lab: LabInHand, host: string): Promise<number> {
  const log = await lab.asRoot(host, "grep -hE 'status=(sent|deferred|bounced)' /var/log/mail.log");
  const attempts = [...log.matchAll(/\bdelay=([\d.]+),.* status=(\w+)/g)];
  expect(attempts.filter(([, , status]) => status !== "sent").map(([line]) => line)).toEqual([]);
  return Math.max(...attempts.map(([, delay]) => Number(delay)));
}

describe(`${seats} seats of a class on one machine`, { timeout: loadTimeoutMs }, () => {
  let labs: readonly LabInHand[] = [];
  let watched: readonly (readonly WatchedNode[])[] = [];

  beforeAll(async () => {
    const build = async (stack: string): Promise<LabInHand> => {
      await setOwnValues(labPaths(stack), { addressing: "inside" });
      return LabInHand.build(stack, undefined, ["--listen", "0.0.0.0"]);
    };
    const built: LabInHand[] = [];
    labs = built;
    const results = await Promise.allSettled(
      stacks.map(async (stack) => {
        built.push(await build(stack));
      }),
    );
    for (const result of results) if (result.status === "rejected") throw result.reason;
    built.sort((left, right) => stacks.indexOf(left.stack) - stacks.indexOf(right.stack));
    watched = await Promise.all(stacks.map((stack, index) => watchedNodes(stack, nodes, index + 1, seats)));
    await Promise.all(watched.flat().map(watchPackets));
  }, buildTimeoutMs);

  afterAll(async () => {
    await Promise.all(labs.map((lab) => lab[Symbol.asyncDispose]()));
  }, buildTimeoutMs);

  it.each(["ubuntu", "root"] as const)(
    "reach neither each other nor the machine nor any private address, as %s, while all carry mail",
    async (user) => {
      await using machine = await MachineListener.open();
      const load = labs.map((lab) => expectMail(lab, mailsEachWay));
      const tries = labs.map(async (lab) => {
        const { places, gateway } = await forbiddenTo(lab, labs, machine.tcpPort);
        expect(places.length).toBeGreaterThan(50);
        await lab.on("host1", "ubuntu", "cat > /tmp/try.sh", tryProgram(noAnswerSeconds));
        await lab.on("host1", "ubuntu", "cat > /tmp/places", listOf(places));
        expect.soft(await runAs(user, lab, "bash /tmp/try.sh < /tmp/places"), lab.stack).toBe("");
        await lab.on("host1", "ubuntu", "cat > /tmp/shout.pl", shoutProgram);
        const everybody = [gateway.replace(/\.1$/, ".255"), "255.255.255.255", "224.0.0.1"];
        for (const address of [...machineAddresses("IPv4"), ...everybody]) {
          const shout = `perl /tmp/shout.pl ${address} ${machine.udpPort} ${lab.stack} 2>&1`;
          expect.soft(await runAs(user, lab, shout), address).toContain("refused");
        }
        const allNodes = "ping -6 -c 1 -W 1 ff02::1%eth0 >/dev/null 2>&1 && echo answered; true";
        expect.soft(await runAs(user, lab, allNodes)).toBe("");
        if (user === "root" && hasEgressRules()) {
          await lab.on("host1", "ubuntu", "cat > /tmp/say.pl", await frameProgram());
          await runAs(user, lab, `ping -c 1 ${gateway} >/dev/null`);
          await runAs(user, lab, `perl /tmp/say.pl eth0 ${gateway} ${machine.udpPort} by-frame`);
        }
      });
      await Promise.all([...load, ...tries]);
      expect({ visitors: machine.visitors, words: machine.words }).toEqual({ visitors: [], words: [] });
    },
  );

  it("have each their own host at 192.168.1.13", async () => {
    await Promise.all(
      labs.map(async (lab) => {
        const found = await lab.on(
          "host1",
          "ubuntu",
          "ssh-keyscan -T 60 -t ed25519 192.168.1.13 2>/dev/null",
        );
        expect(found.split(" ")[2]).toBe(lab.host("host2").hostKey.split(" ")[1]);
      }),
    );
  });

  it("see not one packet of another under all that, and many of their own", async () => {
    for (const [node, count] of Object.entries(await countPackets(watched.flat()))) {
      expect.soft(count, node).toMatchObject({ foreignMark: 0, foreignSource: 0 });
      expect.soft(count.own, node).toBeGreaterThan(node.endsWith("dns") ? 0 : mailsEachWay);
    }
  });

  it("lose and delay no mail while one of them is reset", async () => {
    const sending = labs.slice(0, -1);
    const reset = labs.at(-1);
    if (reset === undefined) throw new Error("there are at least two labs");
    let isReset = false;
    const load = sending.map(async (lab) => {
      const sent: string[] = [];
      while (!isReset) {
        const ids = messageIds(`${lab.stack}-during-reset`, batch);
        await post(lab, host1, "user2@example2.test", ids);
        sent.push(...ids);
        // The next ones once these are there: what is to be seen is a delay, and not how much a queue holds.
        await arrived(lab, host2, ids, arrivalDeadlineMs);
      }
      expect(await arrived(lab, host2, sent, arrivalDeadlineMs)).toEqual(once(sent));
      return sent.length;
    });
    const started = performance.now();
    await Promise.all([
      reset.good("reset", "--yes").finally(() => {
        isReset = true;
      }),
      ...load,
    ]);
    const tookSeconds = ((performance.now() - started) / 1000).toFixed(1);
    const delays = await Promise.all(
      sending.flatMap((lab) => ["host1", "host2"].map((host) => latestDelaySeconds(lab, host))),
    );
    const sent = (await Promise.all(load)).reduce((sum, count) => sum + count, 0);
    console.error(
      `isolation: one seat reset in ${tookSeconds} s beside ${sending.length} that sent ${sent} mails, none later than ${Math.max(...delays)} s`,
    );
    expect(Math.max(...delays)).toBeLessThan(queueRetrySeconds);
    await reset.good("status");
  });

  it("would have been found out: what stands beside a seat reaches all that, and is counted", async () => {
    const [first, second] = labs;
    const [ofFirst = [], ...ofOthers] = watched;
    if (first === undefined || second === undefined) throw new Error("there are at least two labs");
    await using machine = await MachineListener.open();
    const gateway = await gatewayOf(first.stack);
    const ssh = second.host("host1").ports.ssh;
    const places = [
      { address: gateway, port: machine.tcpPort },
      { address: gateway, port: ssh },
    ];
    const [{ image } = { image: "" }] = ofFirst;
    const { stdout } = await execa(
      "docker",
      [
        ...["run", "--rm", "--interactive", "--name", planted, "--network", `${first.stack}-lan`],
        ...["--entrypoint", "bash", image, "-c", tryProgram(answerSeconds)],
      ],
      { input: listOf(places) },
    );
    expect(stdout.split("\n").sort()).toEqual(listOf(places).trim().split("\n").sort());
    expect(machine.visitors).toHaveLength(1);
    const others = ofOthers
      .flat()
      .filter(({ container }) => !container.startsWith(`${stacks.at(-1) ?? ""}-host`));
    const before = await countPackets(others);
    await plantForeignPacket(planted, ofFirst, 2);
    for (const [node, count] of Object.entries(await countPackets(ofFirst))) {
      expect.soft(count.foreignMark, node).toBe(1);
      expect.soft(count.foreignSource, node).toBeGreaterThan(0);
    }
    const after = await countPackets(others);
    for (const [node, { foreignMark, foreignSource }] of Object.entries(before))
      expect.soft(after[node], node).toMatchObject({ foreignMark, foreignSource });
  });
});
