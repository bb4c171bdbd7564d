import {
  deliveryIn,
  isRemoval,
  messageIdIn,
  nextHostOf,
  notificationIn,
  outcomeOf,
  roundMs,
  type AttemptOutcome,
  type LoggedHost,
  type MailLogLine,
} from "./mail-log.ts";
import { activeIn, QueueStays, remember, type QueueStay } from "./queue-stays.ts";

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
  readonly kind: "queued" | AttemptOutcome | "rejected" | "removed";
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

/** As many mails and as many stays as are remembered: the oldest are forgotten first. */
const mostRemembered = 2000;

/** Follows all mails of a lab through the queues of its hosts, by the lines of their logs in order of time. */
export class MailTracker {
  readonly #hosts: readonly LoggedHost[];
  readonly #stays = new QueueStays(mostRemembered);
  /** Whose stay each is, where that is known. */
  readonly #mailIn = new WeakMap<QueueStay, KnownMail>();
  /** By Message-ID. */
  readonly #mails = new Map<string, KnownMail>();
  #count = 0;

  constructor(hosts: readonly LoggedHost[]) {
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
    const taken = lines.map((line) => {
      const stay = this.#stays.take(line);
      return { line, stay, events: this.#read(line, stay) };
    });
    return {
      events: inCausalOrder(taken.flatMap(({ events }) => events)),
      lines: taken.map(({ line, stay }): TrackedLine => {
        const mail = stay && this.#mailIn.get(stay);
        if (mail === undefined) return { line };
        return { line, mail: mail.name, ...(mail.messageId !== undefined && { messageId: mail.messageId }) };
      }),
    };
  }

  #read(line: MailLogLine, stay: QueueStay | undefined): readonly TrackedEvent[] {
    const rejected = rejectionIn(line);
    if (rejected !== undefined) {
      const mail = (stay && this.#mailIn.get(stay)) ?? this.#newMail();
      return [event(line, mail, { kind: "rejected", ...rejected })];
    }
    if (stay === undefined) return [];
    const messageId = messageIdIn(line);
    // The lines of all mails that have none have the same `<>`.
    if (messageId !== undefined && messageId !== "") this.#name(stay, messageId);
    const notification = notificationIn(line);
    if (notification !== undefined) {
      this.#mailOf(this.#stays.newest(line.host, notification)).notificationOf = this.#mailOf(stay).name;
    }
    const attempt = deliveryIn(line);
    const isQueued = stay.lines.find((one) => activeIn(one) !== undefined) === line;
    if (attempt === undefined && !isQueued && !isRemoval(line)) return [];
    const mail = this.#mailOf(stay);
    const known = knownOf(stay);
    if (attempt === undefined)
      return [event(line, mail, { ...known, kind: isQueued ? "queued" : "removed" })];
    const { to, relay, reason, nextQueueId } = attempt;
    const nextHost = nextHostOf(this.#hosts, line.host, attempt);
    return [
      event(line, mail, {
        ...known,
        ...(to !== "" && { to }),
        relay,
        reason,
        ...(nextHost !== undefined && { nextHost }),
        ...(nextQueueId !== undefined && { nextQueueId }),
        kind: outcomeOf(attempt),
      }),
    ];
  }

  /** A mail has one Message-ID in all of its queues. */
  #name(stay: QueueStay, messageId: string): void {
    const mail = this.#mails.get(messageId) ?? this.#mailOf(stay);
    mail.messageId ??= messageId;
    this.#mailIn.set(stay, mail);
    remember(this.#mails, messageId, mail, mostRemembered);
  }

  /** Of a mail whose beginning nobody has seen there is no more than its queue id. */
  #mailOf(stay: QueueStay): KnownMail {
    const mail = this.#mailIn.get(stay) ?? this.#newMail();
    this.#mailIn.set(stay, mail);
    return mail;
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
    sinceStartMs: Math.max(0, roundMs(line.atMs - mail.startMs)),
    ...(mail.notificationOf !== undefined && { notificationOf: mail.notificationOf }),
    ...rest,
  };
}

/** What the lines of a stay have said of its mail: how it came in, and what the queue manager says of it. */
function knownOf({ lines, active }: QueueStay): Pick<TrackedEvent, "client" | "from" | "sizeBytes"> {
  const arrival = lines[0]?.message ?? "";
  const client = arrival.startsWith("uid=") ? "local" : /^client=([^,\s]+)/.exec(arrival)?.[1];
  return {
    ...(client !== undefined && { client }),
    ...(active !== undefined && { from: active.from, sizeBytes: active.sizeBytes }),
  };
}

/** What a host's SMTP server did not take, and why. */
function rejectionIn(line: MailLogLine) {
  const [, client, reason, from, to] =
    /^(?:NOQUEUE: )?reject: \w+ from ([^\s:]+): (.*?); from=<([^>]*)>(?: to=<([^>]*)>)?/.exec(line.message) ??
    [];
  if (client === undefined || reason === undefined) return undefined;
  return { client, reason, ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
}
