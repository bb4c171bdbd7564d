import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openMailbox } from "../../src/protocols/imap.ts";
import { buildMessage } from "../../src/protocols/message.ts";
import { connectPop3 } from "../../src/protocols/pop3.ts";
import { sendMail } from "../../src/protocols/smtp.ts";
import { waitUntil } from "../../src/protocols/wait-until.ts";
import { runLab } from "../support/lab-command.ts";
import {
  countPackets,
  plantForeignPacket,
  watchedNodes,
  watchPackets,
  type PacketCount,
  type WatchedNode,
} from "../support/packet-watch.ts";
import { showMailLogs } from "../support/show-mail-logs.ts";

const suffix = randomBytes(3).toString("hex");
const stacks = ["a", "b", "c"].map((name) => `three-${name}-${suffix}`);
const planted = `three-planted-${suffix}`;
const loopback = "127.0.0.1";
/** Longer than until Postfix tries a mail again that it had to put off (five minutes). */
const mailDeadlineMs = 400_000;
/** Mail that takes longer is shown with the logs: it came, and should have come sooner. */
const slowMailMs = 20_000;
const mailTimeoutMs = 4 * mailDeadlineMs;
/** Nine containers that all carry mail may let a client wait. */
const answerDeadlineMs = 120_000;
/** Mails each way in each lab. */
const mailsEachWay = 3;
const buildTimeoutMs = 400_000;

interface Node {
  readonly name: string;
  readonly address: string;
  readonly domain?: string;
  readonly users?: readonly string[];
  readonly ports: Readonly<Record<string, number>>;
}

interface Lab {
  readonly stack: string;
  readonly addressing: string;
  readonly nodes: readonly Node[];
  readonly passwords: Readonly<Record<string, string>>;
  readonly watched: readonly WatchedNode[];
}

async function describeLab(stack: string, index: number): Promise<Lab> {
  const status = await runLab(["status", "--json", "--show-secrets", "--stack", stack]);
  expect(status.exitCode, status.stderr).toBe(0);
  const { addressing, nodes, passwords } = JSON.parse(status.stdout) as Lab;
  const watched = await watchedNodes(
    stack,
    nodes.map(({ name }) => name),
    index + 1,
    stacks.length,
  );
  return { stack, addressing, nodes, passwords, watched };
}

/** A host of a lab with its one user, as a mail program on this machine reaches it. */
function account({ stack, nodes, passwords }: Lab, name: string) {
  const host = nodes.find((node) => node.name === name);
  const user = host?.users?.[0];
  if (host === undefined || user === undefined) throw new Error(`${stack} has no ${name} with a user`);
  const { domain = "", ports } = host;
  const password = passwords[user] ?? "";
  const at = (service: string) => ({
    host: loopback,
    port: ports[service] ?? 0,
    user,
    password,
    deadlineMs: answerDeadlineMs,
  });
  return { address: `${user}@${domain}`, at };
}

type Account = ReturnType<typeof account>;

/** Sends by the sender's host with his password, and gives the Message-ID. */
async function send(from: Account, to: Account, subject: string): Promise<string> {
  const { host, port, deadlineMs, ...auth } = from.at("smtp");
  const content = { from: from.address, to: to.address, subject, body: `${subject}\n` };
  const { messageId, raw } = buildMessage(content);
  await sendMail({ host, port, deadlineMs, auth }, { from: from.address, to: [to.address], raw });
  return messageId;
}

/** The subjects in a mailbox by IMAP, once these messages are all there. */
async function subjectsOnceThere(owner: Account, messageIds: readonly string[]): Promise<readonly string[]> {
  const wait = { awaited: `${messageIds.length} mails for ${owner.address}`, deadlineMs: mailDeadlineMs };
  return waitUntil({ ...wait, intervalMs: 500 }, async () => {
    await using mailbox = await openMailbox(owner.at("imap"));
    const entries = await mailbox.list();
    const isThere = (id: string) => entries.some(({ messageId }) => messageId === id);
    return messageIds.every(isThere) ? entries.map(({ subject }) => subject ?? "").sort() : undefined;
  });
}

/** The subjects in a mailbox by POP3. */
async function subjectsByPop3(owner: Account): Promise<readonly string[]> {
  const session = await connectPop3(owner.at("pop3"));
  const subjects: string[] = [];
  for (const { number } of await session.list()) {
    const [, subject = ""] = /^Subject: (.*)\r$/m.exec((await session.retr(number)).toString()) ?? [];
    subjects.push(subject);
  }
  await session.quit();
  return subjects.sort();
}

const subjectsOf = (lab: Lab, user: string): readonly string[] =>
  Array.from({ length: mailsEachWay }, (_, index) => `${lab.stack} to ${user} ${index + 1}`);

/** Sends each way, reads both mailboxes by both protocols, and expects this lab's mails there and no other. */
async function exchangeMail(lab: Lab): Promise<void> {
  const [one, two] = [account(lab, "host1"), account(lab, "host2")];
  for (const [from, to] of [
    [one, two],
    [two, one],
  ] as const) {
    const subjects = subjectsOf(lab, to.address);
    const sent: string[] = [];
    for (const subject of subjects) sent.push(await send(from, to, subject));
    expect(await subjectsOnceThere(to, sent)).toEqual(subjects);
    expect(await subjectsByPop3(to)).toEqual(subjects);
  }
}

async function counts(labs: readonly Lab[]): Promise<Readonly<Record<string, PacketCount>>> {
  return countPackets(labs.flatMap(({ watched }) => watched));
}

describe("three labs at once", () => {
  let labs: readonly Lab[];

  beforeAll(async () => {
    const ups = await Promise.all(stacks.map((stack) => runLab(["up", "--stack", stack])));
    for (const up of ups) expect(up.exitCode, up.stderr).toBe(0);
    labs = await Promise.all(stacks.map(describeLab));
    process.stderr.write(`three labs: ${labs.map(({ addressing }) => addressing).join(", ")}\n`);
    for (const node of labs.flatMap(({ watched }) => watched)) await watchPackets(node);
  }, buildTimeoutMs);

  afterAll(async () => {
    for (const stack of stacks) {
      const down = await runLab(["down", "--forget", "--stack", stack]);
      expect(down.exitCode, down.stderr).toBe(0);
    }
  });

  it("have the same addresses, and at most one of them has them from Docker", () => {
    for (const { nodes } of labs) {
      expect(nodes.map(({ name, address }) => [name, address])).toEqual([
        ["dns", "192.168.1.11"],
        ["host1", "192.168.1.12"],
        ["host2", "192.168.1.13"],
      ]);
    }
    const inside = labs.filter(({ addressing }) => addressing === "inside");
    expect(inside.length).toBeGreaterThanOrEqual(2);
    const ports = labs.flatMap(({ nodes }) => nodes.flatMap((node) => Object.values(node.ports)));
    expect(new Set(ports).size).toBe(ports.length);
  });

  it(
    "carry mail both ways at the same time, by SMTP with a login, IMAP and POP3, each its own alone",
    async ({ onTestFailed }) => {
      const hosts = labs.flatMap(({ stack }) => [`${stack}-host1`, `${stack}-host2`]);
      onTestFailed(() => showMailLogs(hosts));
      const started = performance.now();
      await Promise.all(labs.map(exchangeMail));
      if (performance.now() - started > slowMailMs) await showMailLogs(hosts);
    },
    mailTimeoutMs,
  );

  it("see not one packet of another, and many of their own", async () => {
    for (const [node, { own, foreignMark, foreignSource }] of Object.entries(await counts(labs))) {
      expect.soft({ foreignMark, foreignSource }, node).toEqual({ foreignMark: 0, foreignSource: 0 });
      expect.soft(own, node).toBeGreaterThan(0);
    }
  });

  it("would have counted one: a packet planted in one lab is seen by all its nodes and by no other's", async () => {
    const [first, second] = labs;
    if (first === undefined || second === undefined) throw new Error("there are three labs");
    await plantForeignPacket(planted, first.watched, 2);
    const found = await counts(labs);
    for (const { container } of first.watched) {
      expect.soft(found[container]?.foreignMark, container).toBe(1);
      expect.soft(found[container]?.foreignSource, container).toBeGreaterThan(0);
    }
    for (const { container } of labs.slice(1).flatMap(({ watched }) => watched))
      expect.soft(found[container], container).toMatchObject({ foreignMark: 0, foreignSource: 0 });
  });
});
