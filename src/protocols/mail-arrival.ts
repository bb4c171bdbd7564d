import { readHeaders, splitMbox } from "./mbox.ts";
import type { SshConnection } from "./ssh.ts";
import { type Wait, waitUntil } from "./wait-until.ts";

/** Longer than until Postfix tries a mail again that it had to put off (five minutes). */
const arrivalBudgetMs = 400_000;

/** Where a message is expected; it is waited for longer than usual, as long as Postfix may keep it. */
export interface Arrival extends Omit<Wait, "awaited"> {
  /** The mailbox file, such as `/var/mail/user2`. */
  mailbox: string;
  /** The host's name, for the message. */
  hostName: string;
  /** A word before `cat`, such as `sudo`, where the login may not read the file itself. */
  readWith?: string;
}

/**
 * Waits until a message with this Message-ID lies in a mailbox file, and gives it.
 *
 * @throws LabError `LAB_WAIT_OVER`
 */
export async function waitForMessageId(
  ssh: SshConnection,
  messageId: string,
  arrival: Arrival,
): Promise<Buffer> {
  return await waitForMessage(ssh, messageId, arrival, (message) => {
    return readHeaders(message).get("message-id")?.includes(messageId) === true;
  });
}

/**
 * Waits until a message that `isAwaited` knows lies in a mailbox file, and gives it.
 *
 * @param described the message, as the error names it
 * @throws LabError `LAB_WAIT_OVER`
 */
export async function waitForMessage(
  ssh: SshConnection,
  described: string,
  { mailbox, hostName, readWith = "", ...wait }: Arrival,
  isAwaited: (message: Buffer) => boolean,
): Promise<Buffer> {
  const awaited = `${described} in ${mailbox} on ${hostName}`;
  return await waitUntil({ deadlineMs: arrivalBudgetMs, ...wait, awaited }, async () => {
    const { stdoutBytes } = await ssh.run(`${readWith} cat ${mailbox}`);
    return splitMbox(stdoutBytes).find(isAwaited);
  });
}
