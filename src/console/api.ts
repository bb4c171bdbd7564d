/*
 * What the console's server and its page say to each other; types alone, so that the page can import them.
 *
 * Where the page comes from:
 *   /                    page/index.html; `%STYLE_NONCE%` in it is replaced by the nonce that the policy allows for
 *                        `<style>` elements of this very answer (xterm makes some), everything else is 'self'
 *   /page/NAME           page/NAME: styles as they are, a module `x.ts` with its types taken off, under its own name:
 *                        `<script type="module" src="/page/main.ts">`, `import { y } from "./y.ts"`
 *   /xterm/xterm.mjs     and /xterm/addon-fit.mjs, /xterm/xterm.css; a module's `from "@xterm/xterm"` and
 *                        `from "@xterm/addon-fit"` are served as these
 *
 * Questions and answers (JSON; an answer that is no success is a `Problem` with status 4xx or 5xx). `lab` in the query
 * is a stack's name; the console's own lab unless given, another one only with `--seats`.
 *   GET  /api/console                             ConsoleSetup
 *   GET  /api/steps?lab                           StepTexts
 *   GET  /api/queues?lab                          HostQueue[]
 *   GET  /api/mailboxes?lab                       Mailbox[]
 *   GET  /api/mailboxes/HOST/USER?lab             MailboxContents
 *   GET  /api/mailboxes/HOST/USER/INDEX?lab       OpenedMail
 *   GET  /api/zones?lab                           Zone[]
 *   GET  /api/seats                               SeatBoard, or null where nobody has looked yet
 *   POST /api/send?lab      SendForm              SendAnswer
 *   POST /api/check?lab                           null at once; the result comes as `steps`
 *
 * WebSockets (each text frame one JSON message; binary frames only where said):
 *   /api/events?lab                               server → page: ConsoleMessage
 *   /api/board                                    server → page: BoardMessage; with `--seats` alone
 *   /api/terminal?lab&host&user&cols&rows         binary both ways: the terminal's bytes; text page → server:
 *                                                 TerminalRequest; text server → page: TerminalReport
 *
 * A WebSocket is closed with 1001 where the console ends, 1008 where it asked for what there is not, 1013 where too
 * many are open. All text of mails and logs is an attacker's: the page shows it by `textContent` alone.
 */
import type { CheckResult, CheckStatus } from "../checks/check.ts";
import type { Language, Text } from "../model/text.ts";

/** What the page is to be. */
export interface ConsoleSetup {
  /** The lab that the console was started for. */
  readonly lab: string;
  /** The language of the command's own texts; the page may begin with it. */
  readonly language: Language;
  /** The class, where the console was started with `--seats`. */
  readonly className?: string;
}

/** What went wrong, with the next step. */
export interface Problem {
  /** `LAB_NOT_UP`, as in docs/errors.md. */
  readonly code: string;
  readonly text: Text;
  readonly hint?: Text;
}

/** What `/api/events` says. The first messages after connecting are the whole picture, in this order. */
export type ConsoleMessage =
  /** The whole of it, anew whenever something in it has changed. */
  | { readonly kind: "lab"; readonly lab: LabPicture }
  /** Lines in order of time, of all hosts. The first message has the last 200 of each host. */
  | { readonly kind: "log"; readonly isFirst: boolean; readonly lines: readonly LogLine[] }
  /** What happened to mails, in order of time. The first message has what the lines before it tell. */
  | { readonly kind: "mail"; readonly isFirst: boolean; readonly events: readonly MailEvent[] }
  | { readonly kind: "queues"; readonly queues: readonly HostQueue[] }
  | { readonly kind: "mailboxes"; readonly mailboxes: readonly Mailbox[] }
  /** Absent `steps` until the first look is over; `isLooking` while one goes on. */
  | { readonly kind: "steps"; readonly isLooking: boolean; readonly steps?: StepsPicture }
  /** Something could not be looked at; the console goes on trying. Said once, and again where it changes. */
  | { readonly kind: "problem"; readonly problem: Problem };

/** The lab as it stands. */
export interface LabPicture {
  readonly stack: string;
  /**
   * `up`: every container runs; `partly`: some do; `stopped`: none does; `down`: the lab is not built;
   * `unknown`: it was not looked at yet, or can't be (a `problem` says why).
   */
  readonly state: "up" | "partly" | "stopped" | "down" | "unknown";
  /** `exercise`, `finished` or a step; absent where the lab is down. */
  readonly stage?: string;
  readonly addressing?: string;
  /** `192.168.1.0/24`. */
  readonly subnet?: string;
  /** dns first, then the hosts, then the desk where there is one; empty where the lab is down. */
  readonly nodes: readonly LabNode[];
}

/** A machine of the lab. */
export interface LabNode {
  /** `dns`, `host1`, `desk`. */
  readonly name: string;
  readonly kind: "dns" | "host" | "desk";
  /** The machine's own name, `host1example1test`. */
  readonly hostname?: string;
  /** The mail domain, `example1.test`; of hosts alone. */
  readonly domain?: string;
  readonly address: string;
  /** The engine's word for the container: `running`, `exited`, `paused`, …; `missing` where there is none. */
  readonly container: string;
  /**
   * In this order: `ssh`, `rsyslog`, `postfix`, `dovecot` of a host, `named` of dns; state is systemd's word
   * (`active`, `inactive`, `failed`), `unknown` where it could not be asked.
   */
  readonly services: readonly { readonly name: string; readonly state: string }[];
  /** Who has a mailbox there; empty for dns and desk. */
  readonly users: readonly string[];
  /** Who may open a terminal there: the users that exist already and the administrator; empty for dns and desk. */
  readonly terminals: readonly string[];
  /** Whether its log is being followed; false while a host restarts, true for what has no log. */
  readonly isFollowed: boolean;
}

/** A line of a host's mail log. */
export interface LogLine {
  /** Counts all lines of this console's life, so that a line has a name; rises. */
  readonly number: number;
  readonly host: string;
  /** Milliseconds since 1970, on the host's clock. */
  readonly atMs: number;
  /** `postfix/smtp`. */
  readonly program?: string;
  readonly queueId?: string;
  /** The mail that it belongs to, where that is known: `MailEvent.mail`. Lines before a mail's Message-ID have it too. */
  readonly mail?: string;
  /** What stands behind the program and the queue id. */
  readonly message: string;
  /** The whole line; cut after 2,000 characters, with an ellipsis. */
  readonly text: string;
}

/**
 * Something that happened to a mail.
 *
 * `queued`: the host took it into its queue; `passed`: it went on to the next queue (`nextHost`, `nextQueueId` where
 * known); `delivered`: it lies in the mailbox, or went where this lab can't see it; `deferred`, `bounced`: why in
 * `reason`; `rejected`: a host's SMTP server did not take it (there is no queue id then, and `mail` is of this event
 * alone); `removed`: the queue is done with it.
 */
export interface MailEvent {
  /** The mail's name in this console: the same over all of its queues. A bounce's notification is a mail of its own. */
  readonly mail: string;
  /** Without angle brackets; absent where it was rejected. */
  readonly messageId?: string;
  readonly kind: "queued" | "passed" | "delivered" | "deferred" | "bounced" | "rejected" | "removed";
  readonly host: string;
  readonly queueId?: string;
  readonly atMs: number;
  /** Milliseconds since the first event of this mail. */
  readonly sinceStartMs: number;
  /** Envelope sender, as far as the log has told; empty for notifications. */
  readonly from?: string;
  readonly to?: string;
  /** How it came to this host: `local` by the host's own sendmail, else the other side's name and address. */
  readonly client?: string;
  readonly sizeBytes?: number;
  /** Where the attempt went: `local`, `mail.example2.test[192.168.1.13]:25`. */
  readonly relay?: string;
  /** What the other side said, or why it was not reached. */
  readonly reason?: string;
  readonly nextHost?: string;
  readonly nextQueueId?: string;
  /** The mail that this one is the notification of. */
  readonly notificationOf?: string;
}

/** What waits in a host's queue. */
export interface HostQueue {
  readonly host: string;
  /** Absent where the host has no Postfix, or it could not be asked. */
  readonly mails?: readonly QueuedMail[];
}

/** A mail that waits. */
export interface QueuedMail {
  readonly queueId: string;
  /** Postfix's: `active`, `deferred`, `incoming`, `hold`. */
  readonly queueName: string;
  readonly arrivedMs: number;
  readonly sizeBytes: number;
  readonly sender: string;
  /** At most 20. */
  readonly recipients: readonly { readonly address: string; readonly reason?: string }[];
}

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

/** A zone as BIND serves it. */
export interface Zone {
  readonly domain: string;
  readonly records: readonly ZoneRecord[];
  /** Why it could not be asked. */
  readonly problem?: Text;
}

/** A record of a zone. */
export interface ZoneRecord {
  /** Without the dot at the end. */
  readonly name: string;
  readonly type: "SOA" | "NS" | "MX" | "A";
  /** As a zone file has it: `10 mail.example1.test`. */
  readonly value: string;
}

/** The chapter's steps with what is to be done, in the lab's own values. */
export interface StepTexts {
  readonly steps: readonly StepText[];
}

/** A step for its reader. */
export interface StepText {
  /** `foundation`, `6.05`. */
  readonly id: string;
  readonly title: Text;
  /** Hosts where it is done; empty for the foundation, and where it is done at a client. */
  readonly hosts: readonly string[];
  /** What to do; lines are parted by LF. Absent for the foundation. */
  readonly task?: Text;
  readonly hint?: Text;
}

/** How far the hosts have come, by one look. */
export interface StepsPicture {
  /** RFC 3339. */
  readonly lookedAt: string;
  readonly durationMs: number;
  /** Every step on every host, in the chapter's order. */
  readonly steps: readonly StepState[];
  /** The checks that do not pass, and are no mere consequence of another: what was found, wanted, and a hint. */
  readonly findings: readonly CheckResult[];
}

/** A step on a host. */
export interface StepState {
  readonly host: string;
  readonly step: string;
  readonly status: CheckStatus;
}

/** What is to be sent. */
export interface SendForm {
  /** `user1@host1` or `user1@example1.test`; the lab's first user where it is empty. */
  readonly from: string;
  /** A mail address; another host's first user where it is empty. */
  readonly to: string;
  /** At most 200 characters. */
  readonly subject: string;
}

/** What became of it; its events come as `mail` meanwhile. */
export interface SendAnswer {
  readonly messageId: string;
  readonly from: string;
  readonly to: string;
  readonly outcome: "delivered" | "deferred" | "bounced" | "not-taken" | "on-its-way";
  /** `host2:/var/mail/user2`. */
  readonly mailbox?: string;
  readonly totalMs: number;
  readonly problem?: Problem;
}

/** What the page says to a terminal besides its keys. */
export interface TerminalRequest {
  readonly kind: "resize";
  readonly cols: number;
  readonly rows: number;
}

/** What is said of a terminal besides its output. */
export type TerminalReport =
  | { readonly kind: "open" }
  /** The shell has ended: the WebSocket is closed with 1000 after it. */
  | { readonly kind: "ended"; readonly exitCode?: number }
  /** It could not be opened, or was lost: the WebSocket is closed with 1011 after it. */
  | { readonly kind: "problem"; readonly problem: Problem };

/** What `/api/board` says. */
export type BoardMessage =
  | { readonly kind: "board"; readonly board: SeatBoard }
  | { readonly kind: "problem"; readonly problem: Problem };

/** A class as it stands. */
export interface SeatBoard {
  readonly className: string;
  /** RFC 3339. */
  readonly lookedAt: string;
  readonly durationMs: number;
  /** The columns, the foundation not among them. */
  readonly steps: readonly { readonly id: string; readonly title: Text }[];
  readonly seats: readonly SeatRow[];
}

/** How a step stands at a seat: `lost` passed at an earlier look and does not now. */
export type SeatStatus = CheckStatus | "lost";

/** A seat of the class. */
export interface SeatRow {
  readonly seat: string;
  /** Empty with `--no-names`. */
  readonly name: string;
  /** Its lab: `lab` in the questions above. */
  readonly lab: string;
  readonly state: "done" | "working" | "unseen";
  /** Step to how it stands; empty where the seat was not seen. */
  readonly steps: Readonly<Record<string, SeatStatus>>;
  readonly passedCount: number;
  /** The first step that has not passed, or `foundation`. */
  readonly current?: string;
  /** What keeps the current step from passing, the first of it. */
  readonly finding?: { readonly host: string; readonly title: Text; readonly hint?: Text };
  /** How long it has not got on, by the looks. */
  readonly stuckMs?: number;
  readonly problem?: Problem;
}
