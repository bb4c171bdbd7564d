/** One line of a host's mail log, as rsyslog writes it and Postfix fills it. */
export interface MailLogLine {
  /** The lab's name of the host whose log it is, `host1`. */
  readonly host: string;
  /** When it was written, in milliseconds since 1970 with a fraction; as the line before where it has no time. */
  readonly atMs: number;
  /** `postfix/smtp`, `dovecot`; absent where the line is none of rsyslog's. */
  readonly program?: string;
  /** The mail's number in this host's queue, where the line is of a mail. */
  readonly queueId?: string;
  /** What stands behind the queue id, else behind the program. */
  readonly message: string;
  /** The whole line. */
  readonly text: string;
}

/** What Postfix says of one attempt to deliver a mail to one recipient. */
export interface DeliveryAttempt {
  readonly to: string;
  /** Where it went: `local`, `mail.example2.test[192.168.1.13]:25`, `none`. */
  readonly relay: string;
  readonly status: "sent" | "deferred" | "bounced" | "expired" | "undeliverable";
  /** Enhanced status code (RFC 3463), `5.1.1`. */
  readonly dsn: string;
  /** The words in brackets: what the other side answered, or why it was not reached. */
  readonly reason: string;
  /** The number under which the next queue has it, here (`forwarded as`) or at the relay (`queued as`). */
  readonly nextQueueId?: string;
}

/**
 * What an attempt came to. `passed`: the next queue has the mail; `delivered`: it lies in the mailbox, or went where no
 * queue id comes back from.
 */
export type AttemptOutcome = "passed" | "delivered" | "deferred" | "bounced";

/** Time, host name, program with its process id, message: rsyslog's own format, RFC 3339 times. */
const linePattern =
  /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d) \S+ ([^\s:[\]]+)(?:\[\d+\])?: (.*)$/;
/** Short numbers are hexadecimal, long ones (`enable_long_queue_ids`) have more letters but no vowels; NOQUEUE is neither. */
const queueIdPattern = /^([0-9A-F]{6,}|[0-9B-DF-HJ-NP-TV-Zb-df-hj-np-tv-z]{12,}): (.*)$/;

/** Reads one line of a mail log; a line that is none of rsyslog's keeps its text and takes `previousMs` for its time. */
export function parseMailLogLine(host: string, text: string, previousMs = 0): MailLogLine {
  const [, second, fraction = "", zone, program, rest = ""] = linePattern.exec(text) ?? [];
  if (second === undefined || zone === undefined || program === undefined) {
    return { host, atMs: previousMs, message: text, text };
  }
  const atMs = Date.parse(`${second}${zone}`) + Number(`0${fraction}`) * 1000;
  const [, queueId, message] = (program.startsWith("postfix/") && queueIdPattern.exec(rest)) || [];
  if (queueId === undefined || message === undefined) return { host, atMs, program, message: rest, text };
  return { host, atMs, program, queueId, message, text };
}

/** A host's mail log, line by line. */
export function parseMailLog(host: string, log: string): readonly MailLogLine[] {
  let previousMs = 0;
  return log
    .split("\n")
    .filter((text) => text !== "")
    .map((text) => {
      const line = parseMailLogLine(host, text, previousMs);
      previousMs = line.atMs;
      return line;
    });
}

/** The lines of several hosts in one order, by time; what one host wrote stays in the order it has there. */
export function mergeMailLogs(logs: readonly (readonly MailLogLine[])[]): readonly MailLogLine[] {
  return logs.flat().sort((left, right) => left.atMs - right.atMs);
}

/** A Message-ID without its angle brackets, as it is compared. */
export function bareMessageId(messageId: string): string {
  return messageId.trim().replace(/^<|>$/g, "");
}

/** The Message-ID that a line gives its queue id, without angle brackets. */
export function messageIdIn(line: MailLogLine): string | undefined {
  if (line.queueId === undefined || line.program?.endsWith("/cleanup") !== true) return undefined;
  const [, messageId] = /^(?:resent-)?message-id=(.+)$/.exec(line.message) ?? [];
  return messageId === undefined ? undefined : bareMessageId(messageId);
}

/** The queue id of the notification that a bounced mail gave rise to. */
export function notificationIn(line: MailLogLine): string | undefined {
  return /^(?:sender (?:non-delivery|delivery status|delay)|postmaster non-delivery) notification: (\w+)$/.exec(
    line.message,
  )?.[1];
}

/** Whether the line says that the mail left this host's queue; its queue id may then be another mail's. */
export function isRemoval(line: MailLogLine): boolean {
  return line.queueId !== undefined && line.message === "removed";
}

/** The attempt to deliver that a line tells of. */
export function deliveryIn(line: MailLogLine): DeliveryAttempt | undefined {
  if (line.queueId === undefined) return undefined;
  const expired = /^from=<[^>]*>, status=expired, (.*)$/.exec(line.message);
  if (expired !== null) {
    return { to: "", relay: "none", status: "expired", dsn: "", reason: expired[1] ?? "" };
  }
  const [, to, relay, dsn, status, reason] =
    /^to=<([^>]*)>, (?:orig_to=<[^>]*>, )?relay=(\S+), .*\bdsn=([\d.]+), status=(sent|deferred|bounced|undeliverable) \((.*)\)$/.exec(
      line.message,
    ) ?? [];
  if (to === undefined || relay === undefined || dsn === undefined || reason === undefined) return undefined;
  const nextQueueId = /\b(?:queued|forwarded) as (\w+)$/.exec(reason)?.[1];
  return {
    to,
    relay,
    dsn,
    reason,
    status: status as DeliveryAttempt["status"],
    ...(nextQueueId === undefined ? {} : { nextQueueId }),
  };
}

/** What became of the mail by an attempt; what has expired has bounced. */
export function outcomeOf({ status, nextQueueId }: DeliveryAttempt): AttemptOutcome {
  if (status === "sent") return nextQueueId === undefined ? "delivered" : "passed";
  return status === "deferred" ? "deferred" : "bounced";
}

/** A host as the logs name it: by its lab's name and by its address. */
export interface LoggedHost {
  readonly name: string;
  readonly address: string;
}

/** The host of the lab that a relay, `mail.example2.test[192.168.1.13]:25`, is, by its address. */
export function hostOfRelay(hosts: readonly LoggedHost[], from: string, relay: string): string | undefined {
  const [, address] = /\[([^\]]+)\](?::\d+)?$/.exec(relay) ?? [];
  if (address === undefined) return undefined;
  if (address.startsWith("127.") || address === "::1") return from;
  return hosts.find((host) => host.address === address)?.name;
}

/** Whether the mail went on in the same host's queue, as by an alias. */
export function isForwarded({ reason }: DeliveryAttempt): boolean {
  return reason.startsWith("forwarded as ");
}

/** The host whose queue has the mail next, where it is one of the lab. */
export function nextHostOf(
  hosts: readonly LoggedHost[],
  from: string,
  attempt: DeliveryAttempt,
): string | undefined {
  if (attempt.nextQueueId === undefined) return undefined;
  return isForwarded(attempt) ? from : hostOfRelay(hosts, from, attempt.relay);
}

/** A length of time to a tenth of a millisecond: the logs have no more that means anything. */
export function roundMs(durationMs: number): number {
  return Math.round(durationMs * 10) / 10;
}
