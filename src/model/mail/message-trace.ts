import { bareMessageId, messageIdIn, notificationIn, type MailLogLine } from "./mail-log.ts";
import { QueueStays, type QueueStay } from "./queue-stays.ts";

/**
 * Picks one mail's lines out of the logs of all hosts: those of every queue id under which a host had it, and of
 * the notifications that it gave rise to. Lines are taken one by one, in order of time.
 */
export class MessageTrace {
  readonly #stays = new QueueStays();
  /** The mail's own and its notifications'. */
  readonly #messageIds: Set<string>;
  /** The mail's stays and its notifications', to how many of its lines have been told. */
  readonly #told = new Map<QueueStay, number>();

  /** @param messageId - with or without its angle brackets. */
  constructor(messageId: string) {
    this.#messageIds = new Set([bareMessageId(messageId)]);
  }

  /**
   * Takes the next line.
   *
   * @returns the lines now known to belong to the mail: those that came before its Message-ID was known, then this.
   */
  take(line: MailLogLine): readonly MailLogLine[] {
    const stay = this.#stays.take(line);
    const messageId = messageIdIn(line);
    const isNamed = messageId !== undefined && this.#messageIds.has(messageId);
    return stay !== undefined && (isNamed || this.#told.has(stay)) ? this.#tell(stay) : [];
  }

  /** The mail's lines among these, which are in order of time. */
  linesIn(lines: readonly MailLogLine[]): readonly MailLogLine[] {
    const belonging = new Set(lines.flatMap((line) => this.take(line)));
    return lines.filter((line) => belonging.has(line));
  }

  #tell(stay: QueueStay): readonly MailLogLine[] {
    const untold = stay.lines.slice(this.#told.get(stay) ?? 0);
    this.#told.set(stay, stay.lines.length);
    return untold.flatMap((line) => {
      const messageId = messageIdIn(line);
      if (messageId !== undefined) this.#messageIds.add(messageId);
      const notification = notificationIn(line);
      return notification === undefined
        ? [line]
        : [line, ...this.#tell(this.#stays.newest(line.host, notification))];
    });
  }
}
