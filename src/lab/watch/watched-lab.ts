import type { CheckResult, CheckStatus } from "../../checks/check.ts";
import type { TrackedEvent } from "../../model/mail/mail-tracker.ts";
import type { Mailbox } from "../mail/mailbox-contents.ts";
import type { HostQueue } from "../mail/queues.ts";

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
  /** The mail that it belongs to, where that is known; mostly also those that come before its Message-ID. */
  readonly mail?: string;
  /** It is of a mail that a check sends and takes away again: no such mail has events. */
  readonly isCheck?: true;
  /** What stands behind the program and the queue id. */
  readonly message: string;
  /** The whole line; cut after 2,000 characters, with an ellipsis. */
  readonly text: string;
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

/** What a watched lab tells of itself; who begins to listen is told the whole picture first, in this order. */
export type LabNews =
  /** The whole of it, anew whenever something in it has changed. */
  | { readonly kind: "lab"; readonly lab: LabPicture }
  /** Lines in order of time, of all hosts. The first have the last 200 of each host that has answered by then. */
  | { readonly kind: "log"; readonly isFirst: boolean; readonly lines: readonly LogLine[] }
  /** What happened to mails, in order of time. The first are what the lines before tell. */
  | { readonly kind: "mail"; readonly isFirst: boolean; readonly events: readonly TrackedEvent[] }
  | { readonly kind: "queues"; readonly queues: readonly HostQueue[] }
  | { readonly kind: "mailboxes"; readonly mailboxes: readonly Mailbox[] }
  /** Absent `steps` until the first look is over; `isLooking` while one goes on. */
  | { readonly kind: "steps"; readonly isLooking: boolean; readonly steps?: StepsPicture };
