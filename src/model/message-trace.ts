import { bareMessageId, isRemoval, messageIdIn, notificationIn, type MailLogLine } from "./mail-log.ts";

/** The lines of one mail in one queue, from its first one until it is removed. */
interface QueuedMail {
  readonly lines: MailLogLine[];
  messageId?: string;
  isTraced: boolean;
}

/**
 * Picks one mail's lines out of the logs of all hosts: those of every queue id under which a host had it, and of
 * the notifications that it gave rise to. Lines are taken one by one, in order of time. A queue id that is used
 * again after its mail has gone is another mail.
 */
export class MessageTrace {
  readonly #messageIds: Set<string>;
  /** Host and queue id to what is in that queue now. */
  readonly #queued = new Map<string, QueuedMail>();
  /** Queue ids of notifications whose own lines are not there yet. */
  readonly #awaited = new Set<string>();

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
    if (line.queueId === undefined) return [];
    const key = keyOf(line.host, line.queueId);
    const mail = this.#queued.get(key) ?? { lines: [], isTraced: this.#awaited.delete(key) };
    this.#queued.set(key, mail);
    mail.lines.push(line);
    const messageId = messageIdIn(line);
    if (messageId !== undefined) mail.messageId = messageId;
    const found: MailLogLine[] = [];
    if (mail.isTraced) {
      found.push(line, ...this.#follow(line));
      if (messageId !== undefined) this.#messageIds.add(messageId);
    } else if (messageId !== undefined && this.#messageIds.has(messageId)) {
      found.push(...this.#trace(mail));
    }
    if (isRemoval(line)) this.#queued.delete(key);
    return found;
  }

  /** The mail's lines among these, which are in order of time. */
  linesIn(lines: readonly MailLogLine[]): readonly MailLogLine[] {
    const belonging = new Set(lines.flatMap((line) => this.take(line)));
    return lines.filter((line) => belonging.has(line));
  }

  #trace(mail: QueuedMail): readonly MailLogLine[] {
    if (mail.isTraced) return [];
    mail.isTraced = true;
    if (mail.messageId !== undefined) this.#messageIds.add(mail.messageId);
    return mail.lines.flatMap((line) => [line, ...this.#follow(line)]);
  }

  /** Where the line names a notification, that one's lines belong to the mail too. */
  #follow(line: MailLogLine): readonly MailLogLine[] {
    const queueId = notificationIn(line);
    if (queueId === undefined) return [];
    const key = keyOf(line.host, queueId);
    const notification = this.#queued.get(key);
    if (notification !== undefined) return this.#trace(notification);
    this.#awaited.add(key);
    return [];
  }
}

function keyOf(host: string, queueId: string): string {
  return `${host}/${queueId}`;
}
