import { deliveryIn, isRemoval, messageIdIn, type MailLogLine } from "./mail-log.ts";

/** What the queue manager says of a mail that it begins to work on. */
interface ActiveMail {
  /** The envelope sender; empty for a notification. */
  readonly from: string;
  readonly sizeBytes: number;
  readonly recipientCount: number;
}

/** What `from=<…>, size=…, nrcpt=…` of the queue manager says. */
export function activeIn(line: MailLogLine): ActiveMail | undefined {
  const [, from, size, count] = /^from=<(.*?)>, size=(\d+), nrcpt=(\d+) /.exec(line.message) ?? [];
  if (from === undefined) return undefined;
  return { from, sizeBytes: Number(size), recipientCount: Number(count) };
}

/** Whether a mail comes into the queue by this line: from a client, or from `sendmail` on the host. */
function isArrival({ message }: MailLogLine): boolean {
  return /^(?:client=|uid=\d+ )/.test(message);
}

/** A mail's stay in one host's queue, with what its lines have said up to now. */
export class QueueStay {
  readonly host: string;
  readonly queueId: string;
  /** In the order of the log; none yet of a notification that only the mail it is about has named. */
  readonly lines: MailLogLine[] = [];

  constructor(host: string, queueId: string) {
    this.host = host;
    this.queueId = queueId;
  }

  get startMs(): number {
    return this.lines[0]?.atMs ?? Infinity;
  }

  /** Absent while the mail is there. */
  get endMs(): number | undefined {
    const last = this.lines.at(-1);
    return last !== undefined && isRemoval(last) ? last.atMs : undefined;
  }

  /** Without angle brackets; empty where the mail has none. */
  get messageId(): string | undefined {
    return this.lines.map(messageIdIn).find((messageId) => messageId !== undefined);
  }

  get active(): ActiveMail | undefined {
    return this.lines.map(activeIn).find((active) => active !== undefined);
  }

  /** Whether it ever was in the queue whole; a client may go away before it has handed its mail over. */
  get isWhole(): boolean {
    return this.active !== undefined || this.lines.some((line) => deliveryIn(line) !== undefined);
  }
}

/**
 * Knows of each line, in order of time, which stay it is of. A queue id that is used again is another stay: after a
 * removal, or where a mail arrives under it, since one whose client went away before it was whole is never removed.
 */
export class QueueStays {
  readonly #most: number;
  /** Host and queue id to the newest stay under it. */
  readonly #newest = new Map<string, QueueStay>();

  /** @param most - as many stays as are remembered: those without a line for the longest time are forgotten first. */
  constructor(most = Infinity) {
    this.#most = most;
  }

  /** The stay that the line is of, which has it from then on; `undefined` where it is of no mail in a queue. */
  take(line: MailLogLine): QueueStay | undefined {
    const { host, queueId } = line;
    if (queueId === undefined) return undefined;
    const newest = this.newest(host, queueId);
    const isNext = newest.endMs !== undefined || isArrival(line);
    const stay = isNext ? this.#remember(new QueueStay(host, queueId)) : newest;
    stay.lines.push(line);
    return stay;
  }

  /** The newest stay under a queue id, whose lines may all be still to come. */
  newest(host: string, queueId: string): QueueStay {
    return this.#remember(this.#newest.get(`${host}/${queueId}`) ?? new QueueStay(host, queueId));
  }

  #remember(stay: QueueStay): QueueStay {
    remember(this.#newest, `${stay.host}/${stay.queueId}`, stay, this.#most);
    return stay;
  }
}

/** Puts a value at the end of a map that holds so many at most, where it is forgotten last. */
export function remember<Value>(map: Map<string, Value>, key: string, value: Value, most: number): void {
  map.delete(key);
  map.set(key, value);
  if (map.size <= most) return;
  const [oldest] = map.keys();
  if (oldest !== undefined) map.delete(oldest);
}

/** All stays that the lines, in order of time, tell of. */
export function readStays(lines: readonly MailLogLine[]): readonly QueueStay[] {
  const stays = new QueueStays();
  return [...new Set(lines.flatMap((line) => stays.take(line) ?? []))];
}
