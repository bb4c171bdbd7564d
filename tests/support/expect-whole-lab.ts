import { once as onceEmitted } from "node:events";
import { connect } from "node:net";
import { expect } from "vitest";
import { waitUntil } from "../../src/protocols/wait-until.ts";
import { arrived, messageIds, once, post } from "./counted-mail.ts";
import type { LabInHand } from "./lab-in-hand.ts";
import { LOOPBACK, type HostUnderTest } from "./lab-under-test.ts";

const wholeDeadlineMs = 300_000;
const lookIntervalMs = 300;
const greetingDeadlineMs = 60_000;
/** What Docker gives a plain container; the entry drops whatever it had beyond that. */
const plainBoundingSet = "00000000a80425fb";
/** Places that only the guard refuses so: a mail server and somebody's own network. */
const forbiddenPlaces = ["192.0.2.1/25", "10.1.2.3/80"];
const greetings = { smtp: /^220 /, pop3: /^\+OK/, imap: /^\* OK/ };

/** What a host says of itself, a line each. */
function hostFacts({ address }: HostUnderTest): string {
  return [
    "systemctl is-system-running",
    `ip -4 -oneline address show scope global | grep -c ' ${address}/24 '`,
    "sed -n 's/^CapBnd:[[:space:]]*//p' /proc/1/status",
    "dig +short example1.test MX example2.test MX",
    ...forbiddenPlaces.map(
      (place) => `timeout 30 bash -c '</dev/tcp/${place}' 2>&1 | grep -m 1 -o 'Connection refused'`,
    ),
  ].join("\n");
}

/**
 * Waits until a lab is whole by itself, and has it prove that it is: services, addresses, names, guard, published
 * ports, and mail both ways.
 */
export async function expectWholeLab(lab: LabInHand): Promise<void> {
  const awaited = `the lab ${lab.stack} to be whole`;
  await waitUntil({ awaited, deadlineMs: wholeDeadlineMs, intervalMs: lookIntervalMs }, async () => {
    if ((await lab.run("status")).exitCode !== 0) return undefined;
    // Not with --wait, which misses the end of a boot now and then and waits for ever.
    const states = await Promise.all(
      lab.hosts.map(({ name }) => lab.on(name, "ubuntu", "systemctl is-system-running || true")),
    );
    return states.includes("starting") ? undefined : true;
  });
  await Promise.all([
    ...lab.hosts.map(async (host) => {
      const facts = await lab.on(host.name, "ubuntu", hostFacts(host));
      expect(facts.split("\n"), `${lab.stack}-${host.name}`).toEqual([
        "running",
        "1",
        plainBoundingSet,
        "10 mail.example1.test.",
        "10 mail.example2.test.",
        ...forbiddenPlaces.map(() => "Connection refused"),
      ]);
    }),
    ...lab.hosts.flatMap(({ ports }) =>
      (["smtp", "pop3", "imap"] as const).map(async (service) => {
        expect(await greetingOf(await lab.reach(ports[service]))).toMatch(greetings[service]);
      }),
    ),
  ]);
  await Promise.all([
    expectMail(lab, { host: "host1", user: "user1" }, { host: "host2", user: "user2" }),
    expectMail(lab, { host: "host2", user: "user2" }, { host: "host1", user: "user1" }),
  ]);
}

async function expectMail(
  lab: LabInHand,
  from: { host: string; user: string },
  to: { host: string; user: string },
): Promise<void> {
  const ids = messageIds("across", 1);
  await post(lab, from, `${to.user}@${lab.host(to.host).domain}`, ids);
  expect(await arrived(lab, to, ids)).toEqual(once(ids));
}

/** The first thing that a server says. */
async function greetingOf(port: number): Promise<string> {
  const socket = connect(port, LOOPBACK);
  try {
    const signal = AbortSignal.timeout(greetingDeadlineMs);
    const [greeting] = (await onceEmitted(socket, "data", { signal })) as [Buffer];
    return greeting.toString();
  } finally {
    socket.destroy();
  }
}
