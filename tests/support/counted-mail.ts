import { randomBytes } from "node:crypto";
import { waitUntil } from "../../src/protocols/wait-until.ts";
import type { LabInHand } from "./lab-in-hand.ts";

/** An account on a host, and thereby its mailbox. */
export interface Account {
  readonly host: string;
  readonly user: string;
}

/** Longer than until Postfix tries a mail again that it had to put off (five minutes). */
const arrivalDeadlineMs = 400_000;
const lookIntervalMs = 500;
/** What stands in the Message-ID line of a message, as a program of sed. */
const messageIdProgram = String.raw`s/^Message-ID: <\(.*\)>$/\1/p`;

/** Message-IDs for so many mails, unlike any others. */
export function messageIds(batch: string, count: number): readonly string[] {
  const run = randomBytes(4).toString("hex");
  return Array.from({ length: count }, (_, index) => `${batch}-${index + 1}.${run}@lab.test`);
}

/** The line of the shell that sends a mail with each Message-ID that it reads, and says each that was taken. */
export function postingLine(to: string): string {
  const mail = String.raw`To: ${to}\nMessage-ID: <%s>\nSubject: counted\n\nhello\n`;
  return `while read -r id; do printf '${mail}' "$id" | /usr/sbin/sendmail -oi ${to} && echo "$id"; done`;
}

/** Sends a mail with each of the Message-IDs. */
export async function post(
  lab: LabInHand,
  { host, user }: Account,
  to: string,
  ids: readonly string[],
): Promise<void> {
  await lab.on(host, user, postingLine(to), `${ids.join("\n")}\n`);
}

/** Those of the Message-IDs that lie in a mailbox, each as often as it is there, in order. */
export async function inMailbox(
  lab: LabInHand,
  { host, user }: Account,
  ids: readonly string[],
): Promise<readonly string[]> {
  const known = new Set(ids);
  const mailbox = `/var/mail/${user}`;
  const found = await lab.asRoot(host, `! test -f ${mailbox} || sed -n '${messageIdProgram}' ${mailbox}`);
  return found
    .split("\n")
    .filter((id) => known.has(id))
    .sort();
}

/** Waits until all of the Message-IDs lie in a mailbox; gives them as {@link inMailbox}. */
export async function arrived(
  lab: LabInHand,
  account: Account,
  ids: readonly string[],
  deadlineMs = arrivalDeadlineMs,
): Promise<readonly string[]> {
  const awaited = `${ids.length} mails (${ids[0] ?? ""} …) in ${account.user}'s mailbox on ${lab.stack}-${account.host}`;
  return await waitUntil({ awaited, deadlineMs, intervalMs: lookIntervalMs }, async () => {
    const found = await inMailbox(lab, account, ids);
    return new Set(found).size === new Set(ids).size ? found : undefined;
  });
}

/** Those of the Message-IDs that wait in a host's queue, in order. */
export async function inQueue(
  lab: LabInHand,
  host: string,
  ids: readonly string[],
): Promise<readonly string[]> {
  const known = new Set(ids);
  const numbers = String.raw`sed -n 's/.*"queue_id": "\([^"]*\)".*/\1/p'`;
  const read = 'while read -r number; do postcat -qh "$number"; done';
  const found = await lab.asRoot(host, `postqueue -j | ${numbers} | ${read} | sed -n '${messageIdProgram}'`);
  return found
    .split("\n")
    .filter((id) => known.has(id))
    .sort();
}

/** The same list as {@link inMailbox} and {@link inQueue} give where each is there once. */
export function once(ids: readonly string[]): readonly string[] {
  return [...ids].sort();
}
