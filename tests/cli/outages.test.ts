import { randomBytes } from "node:crypto";
import { PassThrough, type Writable } from "node:stream";
import { setInterval } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { waitUntil } from "../../src/protocols/wait-until.ts";
import { arrived, inQueue, messageIds, once, postingLine } from "../support/counted-mail.ts";
import { expectWholeLab } from "../support/expect-whole-lab.ts";
import { isFullRun } from "../support/full-run.ts";
import { expectKept, expectQueueDelivers, fillLab, type KeptMail } from "../support/kept-mail.ts";
import { LabInHand } from "../support/lab-in-hand.ts";

const stack = `out-${randomBytes(3).toString("hex")}`;
/** Mails in a row, one a second: before a node goes away, while it is away, and from its start on. */
const [mailsBefore, mailsMeanwhile, mailsAfter] = [2, isFullRun ? 60 : 10, 2];
const mailIntervalMs = 1000;
/**
 * Mails sent while the node is about to stop: they may get through, or wait, or both. A delivery that Postfix's stop
 * cuts off after the mailbox has the mail, and before its queue knows, is made anew.
 */
const mailsAtStop = 2;
/** Postfix looks at its queue every 300 s and leaves a mail alone for 300 s at least (qmgr(8)). */
const retryDeadlineMs = isFullRun ? 15 * 60_000 : 400_000;
const lookIntervalMs = 1000;
/** For a few restarts and commands on a busy machine. */
const busyTimeoutMs = 900_000;
const outageTimeoutMs = retryDeadlineMs + busyTimeoutMs;
if (!isFullRun)
  console.error(
    "outages: 10 s long, then postqueue -f; with ./lab test --full a minute, then Postfix's own retry",
  );

const sender = { host: "host1", user: "user1" };
const receiver = { host: "host2", user: "user2" };

/** Writes the Message-IDs, one a second. */
async function writePaced(stream: Writable, ids: readonly string[]): Promise<void> {
  const seconds = setInterval(mailIntervalMs)[Symbol.asyncIterator]();
  for (const id of ids) {
    stream.write(`${id}\n`);
    await seconds.next();
  }
  await seconds.return?.();
}

describe("a lab whose parts fail", { timeout: busyTimeoutMs }, () => {
  let lab: LabInHand;
  let kept: KeptMail;

  beforeAll(async () => {
    lab = await LabInHand.build(stack);
    kept = await fillLab(lab);
  });

  afterAll(async () => {
    await lab[Symbol.asyncDispose]();
  });

  /** Sends mail from host1 while a node is stopped and started; gives the Message-IDs, all taken by host1. */
  async function postThroughOutage(
    node: string,
  ): Promise<{ readonly ids: readonly string[]; readonly atStop: readonly string[] }> {
    const ids = messageIds(`without-${node}`, mailsBefore + mailsAtStop + mailsMeanwhile + mailsAfter);
    const meanwhile = ids.slice(mailsBefore + mailsAtStop, -mailsAfter);
    const [stdin, stdout] = [new PassThrough(), new PassThrough()];
    const taken: Buffer[] = [];
    stdout.on("data", (chunk: Buffer) => taken.push(chunk));
    await using ssh = await lab.logIn(sender.host, sender.user);
    const posting = ssh.exec(postingLine("user2@example2.test"), { stdin, stdout, stderr: process.stderr });
    await writePaced(stdin, ids.slice(0, mailsBefore));
    const atStop = ids.slice(mailsBefore, mailsBefore + mailsAtStop);
    await Promise.all([lab.docker("stop", node), writePaced(stdin, atStop)]);
    await writePaced(stdin, meanwhile);
    await waitUntil({ awaited: "all mails in host1's queue", deadlineMs: busyTimeoutMs }, async () =>
      isDeepStrictEqual(await inQueue(lab, sender.host, meanwhile), once(meanwhile)) ? true : undefined,
    );
    await Promise.all([lab.docker("start", node), writePaced(stdin, ids.slice(-mailsAfter))]);
    stdin.end();
    await posting;
    expect(Buffer.concat(taken).toString().trim().split("\n")).toEqual(ids);
    return { ids, atStop };
  }

  it.each(["dns", "host1", "host2"])("is whole by itself after a restart of %s", async (node) => {
    const before = await lab.containers();
    await lab.docker("restart", node);
    await expectWholeLab(lab);
    expect(await lab.containers()).toEqual(before);
    await expectKept(lab, kept);
  });

  it.each(["host2", "dns"])(
    "delivers each mail once that was sent while %s was away",
    async (node) => {
      const { ids, atStop } = await postThroughOutage(node);
      const wait = { deadlineMs: retryDeadlineMs, intervalMs: lookIntervalMs };
      await waitUntil({ ...wait, awaited: "host1's queue to be delivered" }, async () => {
        // Until its own retry Postfix also puts off what is new for the place, unless an administrator says this.
        if (!isFullRun) await lab.asRoot(sender.host, "postqueue -f");
        return (await inQueue(lab, sender.host, ids)).length === 0 ? true : undefined;
      });
      // What host1 has handed over may be with host2 for a moment yet, and a mail that changes queues is in neither.
      const found = await arrived(lab, receiver, ids);
      const isApart = (id: string): boolean => !atStop.includes(id);
      expect(found.filter(isApart)).toEqual(once(ids).filter(isApart));
      expect([...new Set(found)]).toEqual(once(ids));
      await expectWholeLab(lab);
      await expectKept(lab, kept);
    },
    outageTimeoutMs,
  );

  it("is brought back by up when all its containers were stopped, the same ones, and is unchanged", async () => {
    const before = await lab.containers();
    await lab.docker("stop", "host1", "host2", "dns");
    expect(await lab.good("up")).toContain("nothing had to change");
    await expectWholeLab(lab);
    await lab.pulumi("refresh --yes --expect-no-changes");
    expect(await lab.good("up")).toContain("nothing had to change");
    await lab.pulumi("preview --expect-no-changes");
    expect(await lab.containers()).toEqual(before);
    await expectKept(lab, kept);
  });

  it("goes on where it was when its containers were paused", async () => {
    const before = await lab.containers();
    await lab.docker("pause", "host1", "dns");
    expect(await lab.good("start")).toContain("is up again");
    expect((await lab.run("status")).exitCode).toBe(0);
    await lab.docker("pause", "host2");
    expect(await lab.good("stop")).toContain("is stopped");
    expect(await lab.good("start")).toContain("is up again");
    expect(await lab.containers()).toEqual(before);
  });

  it("delivers what waited in the queue through all of it, each mail once", async () => {
    await expectQueueDelivers(lab, kept);
  });
});
