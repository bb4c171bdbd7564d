import {
  bareMessageId,
  deliveryIn,
  outcomeOf,
  roundMs,
  type AttemptOutcome,
  type DeliveryAttempt,
  type MailLogLine,
} from "./mail-log.ts";
import { QueueStays, type QueueStay } from "./queue-stays.ts";

/** Something that happened to a mail, read from a line of a log. */
export interface MailEvent {
  readonly host: string;
  readonly queueId: string;
  /** Milliseconds since the mail was handed over. */
  readonly sinceStartMs: number;
  /** `queued`: a host took it. */
  readonly kind: "queued" | AttemptOutcome;
  /** For all but `queued`. */
  readonly attempt?: DeliveryAttempt;
}

/** A stay in one queue, from being taken in to the attempt that ended it or put it off. */
export interface Hop {
  readonly host: string;
  readonly queueId: string;
  readonly kind: AttemptOutcome;
  readonly durationMs: number;
  readonly relay: string;
  readonly reason: string;
}

/** Follows one mail to one recipient from queue to queue by the lines of the logs, which come in order of time. */
export class MailJourney {
  readonly #messageId: string;
  readonly #startMs: number;
  readonly #stays = new QueueStays();
  /** The mail's stays, in the order in which it got there, to when that was and what came of it. */
  readonly #queued = new Map<QueueStay, { readonly atMs: number; readonly hops: Hop[] }>();

  /** @param startMs - when the mail was handed over, on the clock of the logs. */
  constructor(messageId: string, startMs: number) {
    this.#messageId = bareMessageId(messageId);
    this.#startMs = startMs;
  }

  /** The stays that have come to an attempt, in the order in which the mail got there. */
  get hops(): readonly Hop[] {
    return [...this.#queued.values()].flatMap(({ hops }) => hops);
  }

  /** Whether every stay has come to one: a host may write that it passed the mail on after the next has delivered it. */
  get isSettled(): boolean {
    return [...this.#queued.values()].every(({ hops }) => hops.length > 0);
  }

  /** Takes the next line of the logs; says what it means for the mail, if anything. */
  take(line: MailLogLine): MailEvent | undefined {
    // Lines of an older mail of the same number, and the log's older lines at all, are not this mail's.
    if (line.atMs < this.#startMs) return undefined;
    const stay = this.#stays.take(line);
    if (stay?.messageId !== this.#messageId) return undefined;
    const { host, queueId } = stay;
    const event = { host, queueId, sinceStartMs: roundMs(line.atMs - this.#startMs) };
    const queued = this.#queued.get(stay);
    if (queued === undefined) {
      this.#queued.set(stay, { atMs: line.atMs, hops: [] });
      return { ...event, kind: "queued" };
    }
    const attempt = deliveryIn(line);
    if (attempt === undefined) return undefined;
    const { relay, reason } = attempt;
    const kind = outcomeOf(attempt);
    queued.hops.push({ host, queueId, kind, durationMs: roundMs(line.atMs - queued.atMs), relay, reason });
    return { ...event, kind, attempt };
  }
}
