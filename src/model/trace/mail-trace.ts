import type { Text } from "../text.ts";

/** Which mail is to be traced. */
export type WantedMail =
  /** With or without angle brackets. */
  | { readonly by: "message-id"; readonly messageId: string }
  | { readonly by: "queue-id"; readonly queueId: string }
  /** The newest that came into a queue, was refused at one, or failed to log in. */
  | { readonly by: "last" };

/** What has become of a mail, or of it for one recipient. */
export type TraceOutcome =
  /** In the mailbox, a file, a program, or with a server that the lab doesn't look into. */
  | "delivered"
  /** Waits in a queue; Postfix tries again. */
  | "deferred"
  /** Given up at once; its sender was told, where there was one. */
  | "bounced"
  /** Given up after having waited too long. */
  | "expired"
  /** Not taken: no queue ever had it. */
  | "refused"
  /** Taken out of the queue by the administrator. */
  | "deleted"
  /** In a queue, without an attempt that has ended. */
  | "on-its-way"
  /** Nothing was sent: the login before it failed. */
  | "login-failed"
  /** Not the same for all recipients. */
  | "mixed";

/** How a mail came to a host. */
export type TraceSource =
  /** By `sendmail` on the host itself, as the mail command hands it over. */
  | { readonly via: "local"; readonly uid: number; readonly user?: string }
  /** Over the network. */
  | {
      readonly via: "smtp";
      readonly client: TraceClient;
      readonly login?: TraceLogin;
      readonly tls: TraceTls;
    }
  /** Made by Postfix itself: a notification, or the next leg of a forwarded mail. */
  | { readonly via: "postfix" };

/** Who talks to a server. */
export interface TraceClient {
  /** As reverse DNS has it; `unknown` where it has none. */
  readonly name: string;
  readonly address: string;
  /** The lab's name of the machine with that address; absent where it is none of the lab's: your own machine, most likely. */
  readonly node?: string;
}

/** A login that a server accepted. */
interface TraceLogin {
  /** `PLAIN`, `LOGIN`: the password went by as it is, where there was no TLS. */
  readonly method: string;
  readonly username: string;
}

/** Whether a connection was encrypted; `unknown` while the server's log hasn't said so. */
export type TraceTls = "on" | "off" | "unknown";

/** Postfix's `delays=a/b/c/d`, in seconds, and their sum (`delay=`). */
export interface TraceDelays {
  readonly totalSeconds: number;
  /** a: from the arrival until the queue manager had it; all of the waiting where it was put off before. */
  readonly beforeQueueManager: number;
  /** b: in the queue manager. */
  readonly inQueueManager: number;
  /** c: connecting: the names asked for, the greeting, TLS. */
  readonly connecting: number;
  /** d: handing the mail over. */
  readonly transmitting: number;
}

/** Why something went wrong, in Postfix's words and in plain ones. */
export interface TraceReason {
  /** Enhanced status code (RFC 3463), `5.1.1`; absent where none was given. */
  readonly dsn?: string;
  /** What the log has. */
  readonly said: string;
  /** What that means. */
  readonly meaning: Text;
  /** What to look at or to type next. */
  readonly next: Text;
}

/** What was asked of the lab's DNS server, from its own log of questions. */
interface TraceQuestion {
  readonly atMs: number;
  readonly name: string;
  /** `MX`, `A`, `AAAA`, `PTR`. */
  readonly type: string;
}

/** What the DNS server says to the same question now, asked by the trace. */
export interface TraceAnswer {
  readonly name: string;
  readonly type: "MX" | "A";
  /** `NOERROR`, `NODATA`, `NXDOMAIN`, `REFUSED`, `SERVFAIL`, or `NO_ANSWER`. */
  readonly code: string;
  /** `10 mail.example2.test`, `192.168.1.13`. */
  readonly records: readonly string[];
}

interface EventCommon {
  /** Milliseconds since 1970, by the clock of the log it comes from. */
  readonly atMs: number;
  /** The lab's name of the host that it happened on. */
  readonly host: string;
  /** The mail's number in that host's queue, where it has one. */
  readonly queueId?: string;
  /** Of a bounce or delay notification, and not of the mail itself. */
  readonly isNotification?: boolean;
}

/** An attempt to deliver. */
interface AttemptCommon extends EventCommon {
  readonly queueId: string;
  readonly to: string;
  /** What the mail was addressed to, where an alias made `to` of it. */
  readonly originalTo?: string;
  readonly delays?: TraceDelays;
}

/** A server that a mail was to be given to. */
export interface TraceRelay {
  /** `mail.example2.test[192.168.1.13]:25`, as Postfix has it. */
  readonly said: string;
  /** The lab's name of that host, where it is one. */
  readonly host?: string;
}

/** Something that happened to the mail. */
export type TraceEvent =
  /** A host has taken it into its queue. */
  | (EventCommon & {
      readonly kind: "queued";
      readonly queueId: string;
      readonly source: TraceSource;
      readonly from?: string;
      readonly sizeBytes?: number;
      readonly recipientCount?: number;
    })
  /** A host has asked the DNS server where the mail has to go. */
  | (EventCommon & {
      readonly kind: "asked-dns";
      readonly domain: string;
      /** What the server's log has; empty where nothing was found there. */
      readonly questions: readonly TraceQuestion[];
      /** Whether that log could be read at all. */
      readonly isLogged: boolean;
      /** Asked at `answeredMs`, by the trace: what it was at the time isn't recorded. */
      readonly answersNow: readonly TraceAnswer[];
      readonly answeredMs?: number;
      /** The server that Postfix went to: what it made of the answer at the time. */
      readonly used?: string;
    })
  /** The next server has it. */
  | (AttemptCommon & {
      readonly kind: "passed";
      readonly relay: TraceRelay;
      /** Its number there. */
      readonly nextQueueId?: string;
      readonly tls: TraceTls;
    })
  /** An alias or a `.forward` made a new mail of it, here. */
  | (AttemptCommon & { readonly kind: "forwarded"; readonly nextQueueId: string })
  | (AttemptCommon & {
      readonly kind: "delivered";
      /** `mailbox`, `maildir`, `command`, `file`, `server`. */
      readonly into: "mailbox" | "maildir" | "command" | "file" | "server";
      /** Path, command or server; absent where the log doesn't say. */
      readonly where?: string;
    })
  | (AttemptCommon & {
      readonly kind: "deferred" | "bounced";
      readonly relay: TraceRelay;
      readonly reason: TraceReason;
    })
  /** It had waited too long. */
  | (EventCommon & { readonly kind: "expired"; readonly queueId: string; readonly reason: TraceReason })
  /** A host did not take it. */
  | (EventCommon & {
      readonly kind: "refused";
      readonly by: Exclude<TraceSource, { readonly via: "postfix" }>;
      /** What the client had said: `MAIL`, `RCPT`, `DATA`, `END-OF-MESSAGE`, `CONNECT`; `sendmail` on the host itself. */
      readonly at: string;
      readonly from?: string;
      readonly to?: string;
      readonly reason: TraceReason;
    })
  /** Somebody could not log in to send. */
  | (EventCommon & {
      readonly kind: "login-failed";
      readonly client: TraceClient;
      readonly method: string;
      readonly username?: string;
      readonly reason: TraceReason;
    })
  /** Postfix has written to the sender, or the postmaster, about it. */
  | (EventCommon & {
      readonly kind: "notified";
      readonly queueId: string;
      readonly about: "non-delivery" | "delay" | "delivery";
      readonly nextQueueId: string;
    })
  /** The administrator has taken it out of the queue. */
  | (EventCommon & { readonly kind: "deleted"; readonly queueId: string })
  /** Somebody was at the mailbox with a mail program; which mails were read isn't logged. */
  | (EventCommon & {
      readonly kind: "mailbox-visited";
      readonly protocol: "imap" | "pop3";
      readonly user: string;
      readonly client: TraceClient;
      /** How the password was sent, `PLAIN`. */
      readonly method: string;
      readonly tls: TraceTls;
      /** May be before the mail came: a mail program stays logged in. */
      readonly loginMs: number;
      /** Absent while the session lasts. */
      readonly endMs?: number;
      /** What Dovecot counted: `retr`, `top`, `del` for POP3; `body_count`, `hdr_count`, `deleted`, `expunged` for IMAP. */
      readonly counts: Readonly<Record<string, number>>;
    })
  /** What the mailbox itself shows, now. */
  | (EventCommon & {
      readonly kind: "mailbox-looked-at";
      readonly user: string;
      readonly finding: MailboxFinding;
    });

/** What a mailbox shows of a mail. */
export type MailboxFinding =
  | {
      readonly is: "there";
      readonly path: string;
      /**
       * `read`: its `Status:` has an R (or Maildir's S), which a program writes that showed it; `seen`: a program has
       * listed it, O; `new`: neither.
       */
      readonly state: "new" | "seen" | "read";
    }
  /** In none of the user's mailboxes: deleted, or moved to where nobody looked. */
  | { readonly is: "gone" }
  | { readonly is: "unknown"; readonly why: string };

/** What became of the mail for one recipient. */
export interface TraceRecipient {
  readonly address: string;
  readonly outcome: Exclude<TraceOutcome, "mixed" | "login-failed">;
  /** Where it was last. */
  readonly host: string;
  readonly queueId?: string;
  readonly reason?: TraceReason;
}

/** A mail's stay in one queue. */
interface TraceHop {
  readonly host: string;
  readonly queueId: string;
  readonly isNotification: boolean;
  readonly startMs: number;
  /** Absent while it is there. */
  readonly endMs?: number;
}

/** One mail's life, as the logs of the hosts, the DNS server and the mailbox tell it. */
export interface MailTrace {
  /** Without angle brackets; absent where no queue ever had it. */
  readonly messageId?: string;
  /** Envelope sender; empty for the null sender, absent where the log doesn't say. */
  readonly from?: string;
  readonly outcome: TraceOutcome;
  readonly recipients: readonly TraceRecipient[];
  readonly hops: readonly TraceHop[];
  /** In order of time. */
  readonly events: readonly TraceEvent[];
  /** What the reader has to know about the choice of this mail. */
  readonly notes: readonly Text[];
}
