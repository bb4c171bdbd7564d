import { isDeepStrictEqual } from "node:util";
import { expect } from "vitest";
import { waitUntil } from "../../src/protocols/wait-until.ts";
import { arrived, inMailbox, inQueue, messageIds, once, post } from "./counted-mail.ts";
import type { LabInHand } from "./lab-in-hand.ts";

/** Who sends and who gets the mail that a lab has to keep. */
const sender = { host: "host1", user: "user1" };
const receiver = { host: "host2", user: "user2" };
/** Who has no account yet, and for whom mail is put off until there is one. */
const latecomer = { host: "host2", user: "late" };
const [deliveredCount, queuedCount] = [100, 20];
/** For a queue that is being worked on to come to rest, on a busy machine. */
const queueDeadlineMs = 120_000;

/** Mail that lies in a lab when something happens to it: by Message-ID. */
export interface KeptMail {
  /** In user2's mailbox. */
  readonly delivered: readonly string[];
  /** In host1's queue, put off by host2. */
  readonly queued: readonly string[];
}

/** Fills a mailbox and a queue: host2 puts mail for unknown users off instead of refusing it. */
export async function fillLab(lab: LabInHand): Promise<KeptMail> {
  const kept = {
    delivered: messageIds("delivered", deliveredCount),
    queued: messageIds("queued", queuedCount),
  };
  await lab.asRoot("host2", "postconf -e unknown_local_recipient_reject_code=450 && postfix reload");
  await post(lab, sender, "late@example2.test", kept.queued);
  await post(lab, sender, "user2@example2.test", kept.delivered);
  expect(await arrived(lab, receiver, kept.delivered)).toEqual(once(kept.delivered));
  await expectQueue(lab, kept.queued, kept.queued);
  return kept;
}

/** That all of it is still where it was, each mail once. */
export async function expectKept(lab: LabInHand, { delivered, queued }: KeptMail): Promise<void> {
  expect(await inMailbox(lab, receiver, delivered)).toEqual(once(delivered));
  await expectQueue(lab, queued, queued);
}

/** That the mail of the queue can be delivered after all, each once. */
export async function expectQueueDelivers(lab: LabInHand, { queued }: KeptMail): Promise<void> {
  await lab.asRoot(latecomer.host, `useradd --create-home ${latecomer.user}`);
  await lab.asRoot(sender.host, "postqueue -f");
  expect(await arrived(lab, latecomer, queued)).toEqual(once(queued));
  await expectQueue(lab, queued, []);
}

/**
 * That of these mails just those wait, once the queue is at rest: one that is tried again in this moment changes queues
 * and may be seen in none, and one that was handed over is removed a moment after it.
 */
async function expectQueue(
  lab: LabInHand,
  mails: readonly string[],
  waiting: readonly string[],
): Promise<void> {
  const awaited = `${waiting.length} of ${mails.length} mails in the queue of ${sender.host} on ${lab.stack}`;
  await waitUntil({ awaited, deadlineMs: queueDeadlineMs }, async () =>
    isDeepStrictEqual(await inQueue(lab, sender.host, mails), once(waiting)) ? true : undefined,
  );
}
