import { administrator } from "../../model/lab-secrets.ts";
import { LabError, exitCode } from "../../model/lab-error.ts";
import { MailJourney, type Hop, type MailEvent } from "../../model/mail/mail-journey.ts";
import type { MailLogLine } from "../../model/mail/mail-log.ts";
import { buildMessage, makeMessageId } from "../../protocols/message.ts";
import type { SshConnection } from "../../protocols/ssh.ts";
import { waitUntil } from "../../protocols/wait-until.ts";
import { onHost } from "../access/connect.ts";
import type { LabContext } from "../lab-context.ts";
import { hostNamed, requireOutputs, type LabHost, type LabOutputs } from "../stack/lab-outputs.ts";
import { followLogs } from "./logs.ts";
import { mailNotTaken, mailOnItsWay, mailWentWrong, noSuchSender, notAnAddress } from "./send-errors.ts";

/** How long a mail may be on its way; within the lab it takes a tenth of a second. */
const journeyDeadlineMs = 20_000;
/** How long is waited for a host to write that it has passed on what the next one has delivered already. */
const lateLineMs = 2000;
/** How long the mailbox is looked at, once the log says that the mail lies there. */
const mailboxDeadlineMs = 5000;

/** What is to be sent. */
export interface SendRequest {
  /** Account and host, `user1@host1`; the first host's first user unless given. */
  readonly from: string | undefined;
  /** Mail address; the first user of another host unless given. */
  readonly to: string | undefined;
  readonly subject: string;
}

/** What became of the mail. */
export interface SendResult {
  readonly messageId: string;
  readonly from: string;
  readonly to: string;
  readonly outcome: "delivered" | "deferred" | "bounced" | "not-taken" | "on-its-way";
  /** Where it lies, `host2:/var/mail/user2`; absent where it went to no mailbox of this lab. */
  readonly mailbox?: string;
  /** From the hand-over to the last event, by the lab's clock. */
  readonly totalMs: number;
  readonly hops: readonly Hop[];
  /** Why it did not arrive; absent where it did. */
  readonly error?: LabError;
}

/**
 * Sends one mail as a person on a host does and follows it by the logs until it lies in the mailbox.
 *
 * @param onEvent - told what happens when it happens.
 * @throws LabError `LAB_USAGE`, `LAB_NO_HOST`, `LAB_SEND_REFUSED` where the host's own `sendmail` refuses it.
 */
export async function send(
  context: LabContext,
  request: SendRequest,
  onEvent: (event: MailEvent) => void,
): Promise<SendResult> {
  const outputs = await requireOutputs(context);
  const { host, user } = senderOf(outputs, request.from);
  const to = recipientOf(outputs, host, request.to);
  const from = `${user}@${host.domain}`;
  const body = `Sent by ./lab send from ${user}@${host.name}.\n`;
  const messageId = makeMessageId(from);
  const { raw } = buildMessage({ from, to, subject: request.subject, body, messageId });
  return await onHost(outputs, host, { user, signal: context.signal }, async (sender) => {
    const journey = await follow(context, outputs, messageId, onEvent, () => handOver(sender, host, to, raw));
    const lastEvent = journey.last;
    const common = { messageId, from, to, totalMs: lastEvent?.sinceStartMs ?? 0, hops: journey.hops };
    if (lastEvent?.kind === "deferred" || lastEvent?.kind === "bounced") {
      return { ...common, outcome: lastEvent.kind, error: mailWentWrong(context, lastEvent, messageId) };
    }
    if (lastEvent === undefined) {
      const error = mailNotTaken(context, host, journeyDeadlineMs);
      return { ...common, outcome: "not-taken", error };
    }
    if (lastEvent.kind !== "delivered") {
      const error = mailOnItsWay(context, lastEvent, messageId, journeyDeadlineMs);
      return { ...common, outcome: "on-its-way", error };
    }
    const mailbox = await findInMailbox(context, outputs, lastEvent, messageId);
    return { ...common, outcome: "delivered", ...(mailbox === undefined ? {} : { mailbox }) };
  });
}

interface Sender {
  readonly host: LabHost;
  readonly user: string;
}

function senderOf(outputs: LabOutputs, from: string | undefined): Sender {
  if (from === undefined) {
    const [host] = outputs.hosts;
    const user = host?.users[0];
    if (host === undefined || user === undefined) throw new Error("a lab has a host and a user");
    return { host, user };
  }
  const [user = "", name = "", ...rest] = from.split("@");
  if (user === "" || name === "" || rest.length > 0) throw noSuchSender(from, outputs.hosts);
  const host = outputs.hosts.find(({ domain }) => domain === name) ?? hostNamed(outputs, name);
  if (!host.users.includes(user) && user !== administrator) throw noSuchSender(from, outputs.hosts);
  return { host, user };
}

/** An address as a shell and a mail header take it without a second thought. */
const addressPattern = /^[\w.+-]+@[A-Za-z0-9.-]+$/;

function recipientOf(outputs: LabOutputs, from: LabHost, to: string | undefined): string {
  if (to !== undefined) {
    if (addressPattern.test(to) && !to.startsWith("-")) return to;
    throw notAnAddress(to);
  }
  const other = outputs.hosts.find(({ name }) => name !== from.name) ?? from;
  return `${other.users[0] ?? administrator}@${other.domain}`;
}

/** Gives the mail to the host's MTA; returns when that was, on the host's clock. */
async function handOver(connection: SshConnection, host: LabHost, to: string, raw: Buffer): Promise<number> {
  // Where no MTA is installed sendmail is missing, and /usr/sbin may not be in a user's PATH.
  const command = `date +%s.%N; exec /usr/sbin/sendmail -i ${to}`;
  const message = raw.toString("utf8").replaceAll("\r\n", "\n");
  const result = await connection.run(command, { stdin: message });
  if (result.exitCode === 0) return Number(result.stdout.split("\n")[0]) * 1000;
  const words = result.stderr.trim().split("\n");
  throw new LabError(
    "LAB_SEND_REFUSED",
    {
      en: `${host.name} does not take the mail: ${words.at(-1) ?? ""}`,
      ja: `${host.name}がメールを受け付けません: ${words.at(-1) ?? ""}`,
    },
    { details: words, hint: { en: "./lab status", ja: "./lab status" }, exit: exitCode.failed },
  );
}

/** Hands the mail over while the logs are watched, and watches on until it is delivered or can't be. */
async function follow(
  { signal }: LabContext,
  outputs: LabOutputs,
  messageId: string,
  onEvent: (event: MailEvent) => void,
  hand: () => Promise<number>,
): Promise<{ last: MailEvent | undefined; hops: readonly Hop[] }> {
  const over = new AbortController();
  const deadline = AbortSignal.timeout(journeyDeadlineMs);
  let last: MailEvent | undefined;
  let hasEnded = false;
  let late: NodeJS.Timeout | undefined;
  const early: MailLogLine[] = [];
  let journey: MailJourney | undefined;
  const take = (line: MailLogLine): void => {
    if (journey === undefined) {
      early.push(line);
      return;
    }
    const event = over.signal.aborted ? undefined : journey.take(line);
    if (event === undefined) return;
    onEvent(event);
    if (!hasEnded) last = event;
    hasEnded ||= event.kind !== "queued" && event.kind !== "passed";
    if (!hasEnded) return;
    if (journey.isSettled) over.abort();
    else
      late ??= setTimeout(() => {
        over.abort();
      }, lateLineMs);
  };
  const ready = Promise.withResolvers<undefined>();
  const followed = followLogs(
    {
      outputs,
      hosts: outputs.hosts,
      from: new Map(),
      signal: AbortSignal.any([signal, deadline, over.signal]),
      onReady: () => {
        ready.resolve(undefined);
      },
    },
    take,
  );
  try {
    // Where a log can't be followed there is nobody to say that it is ready.
    await Promise.race([ready.promise, followed]);
    journey = new MailJourney(messageId, await hand());
    early.splice(0).forEach(take);
    await followed;
  } finally {
    clearTimeout(late);
    over.abort();
    await followed.catch(() => undefined);
  }
  signal.throwIfAborted();
  return { last, hops: journey.hops };
}

/** Looks for the mail where the log says that it went; `undefined` where that is no user's mailbox of this lab. */
async function findInMailbox(
  { signal }: LabContext,
  outputs: LabOutputs,
  { host: name, attempt }: MailEvent,
  messageId: string,
): Promise<string | undefined> {
  const host = hostNamed(outputs, name);
  const user = attempt?.to.split("@")[0] ?? "";
  if (!host.users.includes(user) && user !== administrator) return undefined;
  return await onHost(outputs, host, { user, signal }, async (connection) => {
    const awaited = `${messageId} in the mailbox of ${user} on ${name}`;
    const path = await waitUntil({ awaited, deadlineMs: mailboxDeadlineMs, signal }, async () => {
      const places = `/var/mail/${user} "$HOME/Maildir"`;
      const { stdout } = await connection.run(`grep -rlF -e '${messageId}' ${places} 2>/dev/null`);
      return stdout.split("\n").find((line) => line !== "");
    });
    return `${name}:${path}`;
  });
}
