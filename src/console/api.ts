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
import type { CheckStatus } from "../checks/check.ts";
import type { Mailbox, MailboxContents, ListedMail, OpenedMail } from "../lab/mail/mailbox-contents.ts";
import type { HostQueue, QueuedMail } from "../lab/mail/queues.ts";
import type {
  LabNews,
  LabNode,
  LabPicture,
  LogLine,
  StepState,
  StepsPicture,
} from "../lab/watch/watched-lab.ts";
import type { SendResult } from "../lab/mail/send.ts";
import type { StepText } from "../lab/chapter/step-texts.ts";
import type { Zone } from "../lab/mail/zones.ts";
import type { TrackedEvent } from "../model/mail/mail-tracker.ts";
import type { Language, Text } from "../model/text.ts";

export type {
  HostQueue,
  LabNode,
  LabPicture,
  ListedMail,
  LogLine,
  Mailbox,
  MailboxContents,
  OpenedMail,
  QueuedMail,
  StepState,
  StepsPicture,
  StepText,
  Zone,
};

/** Something that happened to a mail; src/model/mail/mail-tracker.ts says what each kind is. */
export type MailEvent = TrackedEvent;

/** The chapter's steps with what is to be done, in the lab's own values; the foundation first. */
export interface StepTexts {
  readonly steps: readonly StepText[];
}

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

/**
 * What `/api/events` says. The first messages after connecting are the whole picture; LabNews
 * (src/lab/watch/watched-lab.ts) says what each is.
 */
export type ConsoleMessage =
  | LabNews
  /** Something could not be looked at; the console goes on trying. Said once, and again where it changes. */
  | { readonly kind: "problem"; readonly problem: Problem };

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
export type SendAnswer = Omit<SendResult, "hops" | "error"> & { readonly problem?: Problem };

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
