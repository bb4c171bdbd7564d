import { deliveryIn, isRemoval, messageIdIn, notificationIn, type MailLogLine } from "./mail-log.ts";

/** What a tracker knows of the lab: which host a relay's address is. */
export interface TrackedHosts {
  /** Address to the host's name. */
  readonly hostAt: ReadonlyMap<string, string>;
}

/**
 * One thing that happened to one mail, read from a line of a log.
 *
 * `queued`: the host took it into its queue; `passed`: it went on to the next queue (`nextHost`, `nextQueueId` where
 * known); `delivered`: it lies in the mailbox, or went where this lab can't see it; `deferred`, `bounced`: why in
 * `reason`; `rejected`: a host's SMTP server did not take it (mostly without a queue id, and `mail` is then of this
 * event alone); `removed`: the queue is done with it. A mail whose beginning the log doesn't have has no `messageId`.
 */
export interface TrackedEvent {
  /** The mail's name, the same over all of its queues. */
  readonly mail: string;
  readonly messageId?: string;
  readonly kind: "queued" | "passed" | "delivered" | "deferred" | "bounced" | "rejected" | "removed";
  readonly host: string;
  readonly queueId?: string;
  readonly atMs: number;
  /** Milliseconds since this mail's first event. */
  readonly sinceStartMs: number;
  /** The envelope sender; empty for a notification. */
  readonly from?: string;
  readonly to?: string;
  /** `local` where the host's own sendmail took it, else the other side's name and address. */
  readonly client?: string;
  readonly sizeBytes?: number;
  readonly relay?: string;
  readonly reason?: string;
  readonly nextHost?: string;
  readonly nextQueueId?: string;
  /** The mail whose notification this one is. */
  readonly notificationOf?: string;
}

/** A line with the mail that it belongs to, where that is known. */
export interface TrackedLine {
  readonly line: MailLogLine;
  readonly mail?: string;
  readonly messageId?: string;
}

/** A mail over all of its queues. */
interface KnownMail {
  readonly name: string;
  messageId?: string;
  startMs?: number;
  notificationOf?: string;
}

/** A mail's stay in one queue. */
interface Stay {
  mail?: KnownMail;
  isQueued: boolean;
  from?: string;
  client?: string;
  sizeBytes?: number;
}

/** As many mails and as many stays as are remembered: the oldest are forgotten first. */
const mostRemembered = 2000;

/** Follows all mails of a lab through the queues of its hosts, by the lines of their logs in order of time. */
export class MailTracker {
  readonly #hosts: TrackedHosts;
  /** Host and queue id to the mail that is in that queue now. */
  readonly #stays = new Map<string, Stay>();
  readonly #mails = new Map<string, KnownMail>();
  #count = 0;

  constructor(hosts: TrackedHosts) {
    this.#hosts = hosts;
  }

  /**
   * Takes lines that were written at about the same time: what a later one of them tells of a mail, its earlier ones
   * know too.
   */
  take(lines: readonly MailLogLine[]): {
    readonly lines: readonly TrackedLine[];
    readonly events: readonly TrackedEvent[];
  } {
    const events: TrackedEvent[] = [];
    const stays = lines.map((line) => {
      const stay = this.#stayOf(line);
      events.push(...this.#read(line, stay));
      if (isRemoval(line)) this.#stays.delete(keyOf(line));
      return stay;
    });
    return {
      events: inCausalOrder(events),
      lines: lines.map((line, index): TrackedLine => {
        const mail = stays[index]?.mail;
        if (mail === undefined) return { line };
        return { line, mail: mail.name, ...(mail.messageId !== undefined && { messageId: mail.messageId }) };
      }),
    };
  }

  #stayOf(line: MailLogLine): Stay | undefined {
    if (line.queueId === undefined) return undefined;
    const key = keyOf(line);
    const stay = this.#stays.get(key) ?? { isQueued: false };
    remember(this.#stays, key, stay);
    return stay;
  }

  #read(line: MailLogLine, stay: Stay | undefined): readonly TrackedEvent[] {
    const rejected = rejectionIn(line);
    if (rejected !== undefined) {
      const mail = stay?.mail ?? this.#newMail();
      return [event(line, mail, { kind: "rejected", ...rejected })];
    }
    if (stay === undefined) return [];
    readArrival(line, stay);
    const messageId = messageIdIn(line);
    if (messageId !== undefined) stay.mail = this.#mailOf(messageId, stay.mail);
    const notification = notificationIn(line);
    if (notification !== undefined) this.#notify(line, notification, stay);
    const attempt = deliveryIn(line);
    const size = activeSizeIn(line);
    if (attempt === undefined && size === undefined && !isRemoval(line)) return [];
    // Of a mail whose beginning nobody has seen there is no more than its queue id.
    stay.mail ??= this.#newMail();
    const known = {
      ...(stay.from !== undefined && { from: stay.from }),
      ...(stay.client !== undefined && { client: stay.client }),
      ...(stay.sizeBytes !== undefined && { sizeBytes: stay.sizeBytes }),
    };
    if (size !== undefined) {
      if (stay.isQueued) return [];
      stay.isQueued = true;
      Object.assign(stay, size);
      return [event(line, stay.mail, { ...known, ...size, kind: "queued" })];
    }
    if (attempt === undefined) return [event(line, stay.mail, { ...known, kind: "removed" })];
    const { to, relay, reason, nextQueueId } = attempt;
    const next = {
      ...this.#nextHost(line, relay, nextQueueId),
      ...(nextQueueId !== undefined && { nextQueueId }),
    };
    const went = { ...known, ...(to !== "" && { to }), relay, reason, ...next };
    return [event(line, stay.mail, { ...went, kind: kindOf(attempt) })];
  }

  #mailOf(messageId: string, sooner: KnownMail | undefined): KnownMail {
    const known = this.#mails.get(messageId);
    const mail = known ?? sooner ?? this.#newMail();
    mail.messageId ??= messageId;
    remember(this.#mails, messageId, mail);
    return mail;
  }

  #notify(line: MailLogLine, queueId: string, { mail }: Stay): void {
    const key = `${line.host}/${queueId}`;
    const stay = this.#stays.get(key) ?? { isQueued: false };
    remember(this.#stays, key, stay);
    stay.mail ??= this.#newMail();
    if (mail !== undefined) stay.mail.notificationOf = mail.name;
  }

  #nextHost(line: MailLogLine, relay: string, nextQueueId: string | undefined) {
    if (nextQueueId === undefined) return {};
    if (relay === "local") return { nextHost: line.host };
    const address = /\[([\d.]+)\]/.exec(relay)?.[1];
    const nextHost = address === undefined ? undefined : this.#hosts.hostAt.get(address);
    return nextHost === undefined ? {} : { nextHost };
  }

  #newMail(): KnownMail {
    this.#count += 1;
    return { name: `m${this.#count}` };
  }
}

/**
 * A host says that it has passed a mail on when the other one has answered, which may have delivered it by then; the
 * mail went first.
 */
function inCausalOrder(events: readonly TrackedEvent[]): readonly TrackedEvent[] {
  const ordered: TrackedEvent[] = [];
  for (const one of events) {
    const at = ordered.findIndex(
      ({ kind, host, queueId }) =>
        one.kind === "passed" && kind === "queued" && host === one.nextHost && queueId === one.nextQueueId,
    );
    ordered.splice(at < 0 ? ordered.length : at, 0, one);
  }
  return ordered;
}

function keyOf({ host, queueId = "" }: MailLogLine): string {
  return `${host}/${queueId}`;
}

/** Puts it at the end, where it is forgotten last. */
function remember<Value>(map: Map<string, Value>, key: string, value: Value): void {
  map.delete(key);
  map.set(key, value);
  if (map.size <= mostRemembered) return;
  const [oldest] = map.keys();
  if (oldest !== undefined) map.delete(oldest);
}

function event(
  line: MailLogLine,
  mail: KnownMail,
  rest: Omit<TrackedEvent, "mail" | "host" | "atMs" | "sinceStartMs" | "messageId" | "queueId">,
): TrackedEvent {
  mail.startMs ??= line.atMs;
  return {
    mail: mail.name,
    ...(mail.messageId !== undefined && { messageId: mail.messageId }),
    host: line.host,
    ...(line.queueId !== undefined && { queueId: line.queueId }),
    atMs: line.atMs,
    sinceStartMs: Math.max(0, Math.round((line.atMs - mail.startMs) * 10) / 10),
    ...(mail.notificationOf !== undefined && { notificationOf: mail.notificationOf }),
    ...rest,
  };
}

/** How the mail came in: `pickup` for the host's own sendmail, `smtpd` for another machine. */
function readArrival(line: MailLogLine, stay: Stay): void {
  if (line.program?.endsWith("/pickup") === true) {
    stay.client = "local";
    const from = /\bfrom=<([^>]*)>/.exec(line.message)?.[1];
    if (from !== undefined) stay.from = from;
  }
  const client = /^client=([^,\s]+)/.exec(line.message)?.[1];
  if (client !== undefined) stay.client = client;
}

/** What the queue manager says of a mail that it begins to work on. */
function activeSizeIn(line: MailLogLine): { readonly from: string; readonly sizeBytes: number } | undefined {
  const [, from, size] = /^from=<([^>]*)>, size=(\d+), nrcpt=\d+ \(queue active\)$/.exec(line.message) ?? [];
  return from === undefined ? undefined : { from, sizeBytes: Number(size) };
}

/** What a host's SMTP server did not take, and why. */
function rejectionIn(line: MailLogLine) {
  const [, client, reason, from, to] =
    /^(?:NOQUEUE: )?reject: \w+ from ([^\s:]+): (.*?); from=<([^>]*)>(?: to=<([^>]*)>)?/.exec(line.message) ??
    [];
  if (client === undefined || reason === undefined) return undefined;
  return { client, reason, ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
}

function kindOf({ status, nextQueueId }: NonNullable<ReturnType<typeof deliveryIn>>): TrackedEvent["kind"] {
  if (status === "sent") return nextQueueId === undefined ? "delivered" : "passed";
  return status === "deferred" ? "deferred" : "bounced";
}
