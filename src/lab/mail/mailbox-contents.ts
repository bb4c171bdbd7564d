import type { Text } from "../../model/text.ts";

/** A user's mailbox, `/var/mail/USER`. */
export interface Mailbox {
  readonly host: string;
  readonly user: string;
  /** How many mails lie there; absent where it could not be looked at (the user does not exist yet). */
  readonly count?: number;
  /** Those that nobody has opened: without an R in their Status header. */
  readonly unreadCount?: number;
  readonly sizeBytes?: number;
}

/** What lies in a mailbox. */
export interface MailboxContents extends Mailbox {
  /** Newest last; the newest 200. */
  readonly mails: readonly ListedMail[];
}

/** A mail in the list of a mailbox. */
export interface ListedMail {
  /** Its number in the mailbox file, from 0; good for the next question until the mailbox changes. */
  readonly index: number;
  /** Decoded (RFC 2047), one line, at most 300 characters; so is `subject`. */
  readonly from: string;
  readonly subject: string;
  /** RFC 3339; absent where the header has none or a broken one. */
  readonly date?: string;
  readonly messageId?: string;
  readonly sizeBytes: number;
  readonly isRead: boolean;
}

/** A mail that was opened. Everything in it is plain text. */
export interface OpenedMail extends ListedMail {
  readonly host: string;
  readonly user: string;
  readonly to: string;
  /** In order, unfolded, decoded; at most 200 of at most 2,000 characters. */
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  /** The text as a mail program shows it; of a mail that is HTML alone, its words. At most 256 KiB. */
  readonly text: string;
  readonly isTextCut: boolean;
  /** Attachments and other parts, at most 100. */
  readonly parts: readonly { readonly name: string; readonly type: string; readonly sizeBytes: number }[];
  /** The source as it lies in the mailbox, bytes that are no UTF-8 shown as U+FFFD. At most 1 MiB. */
  readonly raw: string;
  readonly isRawCut: boolean;
  /** Why it could not be decoded; `raw` is there all the same. */
  readonly decodingProblem?: Text;
}
