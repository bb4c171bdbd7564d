import {
  bareMessageId,
  deliveryIn,
  messageIdIn,
  type DeliveryAttempt,
  type MailLogLine,
} from "./mail-log.ts";

/** Something that happened to a mail, read from a line of a log. */
export interface MailEvent {
  readonly host: string;
  readonly queueId: string;
  /** Milliseconds since the mail was handed over. */
  readonly sinceStartMs: number;
  /**
   * `queued`: a host took it; `passed`: the next queue has it; `delivered`: it went to the mailbox; the others are
   * Postfix's own words for what went wrong.
   */
  readonly kind: "queued" | "passed" | "delivered" | "deferred" | "bounced";
  /** For all but `queued`. */
  readonly attempt?: DeliveryAttempt;
}

/** A stay in one queue, from being taken in to the attempt that ended it or put it off. */
export interface Hop {
  readonly host: string;
  readonly queueId: string;
  readonly kind: Exclude<MailEvent["kind"], "queued">;
  readonly durationMs: number;
  readonly relay: string;
  readonly reason: string;
}

/** Follows one mail to one recipient from queue to queue by the lines of the logs, which come in order of time. */
export class MailJourney {
  readonly #messageId: string;
  readonly #startMs: number;
  /** Host and queue id to when the mail got there. */
  readonly #queuedMs = new Map<string, number>();
  readonly #hops: Hop[] = [];

  /** @param startMs - when the mail was handed over, on the clock of the logs. */
  constructor(messageId: string, startMs: number) {
    this.#messageId = bareMessageId(messageId);
    this.#startMs = startMs;
  }

  /** The stays that have come to an attempt, in the order in which the mail got there. */
  get hops(): readonly Hop[] {
    return [...this.#queuedMs.keys()].flatMap((key) => this.#hops.filter((hop) => keyOf(hop) === key));
  }

  /** Whether every stay has come to one: a host may write that it passed the mail on after the next has delivered it. */
  get isSettled(): boolean {
    return [...this.#queuedMs.keys()].every((key) => this.#hops.some((hop) => keyOf(hop) === key));
  }

  /** Takes the next line of the logs; says what it means for the mail, if anything. */
  take(line: MailLogLine): MailEvent | undefined {
    const { host, queueId } = line;
    // Lines of an older mail of the same number, and the log's older lines at all, are not this mail's.
    if (queueId === undefined || line.atMs < this.#startMs) return undefined;
    const key = keyOf({ host, queueId });
    const event = { host, queueId, sinceStartMs: roundMs(line.atMs - this.#startMs) };
    if (messageIdIn(line) === this.#messageId) {
      this.#queuedMs.set(key, line.atMs);
      return { ...event, kind: "queued" };
    }
    const queuedMs = this.#queuedMs.get(key);
    const attempt = queuedMs === undefined ? undefined : deliveryIn(line);
    if (queuedMs === undefined || attempt === undefined) return undefined;
    const kind = kindOf(attempt);
    const { relay, reason } = attempt;
    this.#hops.push({ host, queueId, kind, durationMs: roundMs(line.atMs - queuedMs), relay, reason });
    return { ...event, kind, attempt };
  }
}

function keyOf({ host, queueId }: Pick<Hop, "host" | "queueId">): string {
  return `${host}/${queueId}`;
}

/** To a tenth of a millisecond: the logs have no more that means anything. */
function roundMs(durationMs: number): number {
  return Math.round(durationMs * 10) / 10;
}

function kindOf({ status, nextQueueId }: DeliveryAttempt): Hop["kind"] {
  if (status === "sent") return nextQueueId === undefined ? "delivered" : "passed";
  return status === "deferred" ? "deferred" : "bounced";
}
