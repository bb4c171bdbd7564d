import type { DnsQuestion } from "../model/dns-questions.ts";
import type { Addressing, HostPorts } from "../model/lab-config.ts";
import type { MailLogLine } from "../model/mail/mail-log.ts";
import type { Text } from "../model/text.ts";
import type { Cause } from "./cause.ts";

/** A mail host as the lab was built: what the checks compare with. */
export interface CheckedHost {
  readonly name: string;
  readonly hostname: string;
  readonly domain: string;
  /** The MTA's name in DNS, `mail.example1.test`. */
  readonly mailName: string;
  readonly address: string;
  readonly users: readonly string[];
  /** Ports on the loopback. */
  readonly ports: HostPorts;
  /** The ssh host key's public part, one OpenSSH line. */
  readonly hostKey: string;
  /** The stage that was applied to it. */
  readonly stage: string;
}

/** The lab as it was built. */
export interface CheckedLab {
  readonly hosts: readonly CheckedHost[];
  readonly dns: { readonly address: string; readonly port: number };
  readonly subnet: string;
  readonly addressing: Addressing;
  /** Account name to password. */
  readonly passwords: Readonly<Record<string, string>>;
  /** The private key that opens ssh on every host. */
  readonly sshKey: string;
}

/** A `name = value` line of a configuration file. */
export interface ConfigLine {
  readonly file: string;
  readonly line: number;
  readonly name: string;
  readonly value: string;
}

/** Postfix's configuration as Postfix reads it, and as it stands in its file. */
export interface PostfixObservation {
  /** `postconf -n`: what main.cf sets, as it is written. */
  readonly set: Readonly<Record<string, string>>;
  /** `postconf -x`: values in effect, with every `$name` put in. */
  readonly effective: Readonly<Record<string, string>>;
  /** What postconf says on its error output, warnings of unused parameters first of all. */
  readonly complaints: readonly string[];
  readonly lines: readonly ConfigLine[];
}

/** Dovecot's configuration as Dovecot reads it, and as it stands in its files. */
export interface DovecotObservation {
  /** `doveconf -n`: settings outside of any block. Empty where Dovecot can't read its configuration. */
  readonly set: Readonly<Record<string, string>>;
  /** Path of each `unix_listener` of the service `auth` to its settings. */
  readonly authListeners: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** User to where Dovecot looks for that user's new mail; empty where it does not say. */
  readonly inboxes: Readonly<Record<string, string>>;
  /** Why Dovecot can't read its configuration. */
  readonly complaint: string | undefined;
  readonly lines: readonly ConfigLine[];
}

/** A service as systemd and the processes show it. */
export interface ServiceObservation {
  /** systemd's words: `active`, `inactive`, `failed`. */
  readonly activeState: string;
  /** `enabled`, `disabled`, `masked`, empty where there is no such unit. */
  readonly unitFileState: string;
  /** When its master process started, on the host's clock; absent where none runs. */
  readonly startedMs: number | undefined;
  /** The youngest file of its configuration and when that was written. */
  readonly newestFile: { readonly path: string; readonly changedMs: number } | undefined;
}

/** An account as the host has it. */
export interface AccountObservation {
  /** Absent where there is no such account. */
  readonly uid: number | undefined;
  readonly home: string;
  readonly shell: string;
  /** Whether the home folder is there and the account's own. */
  readonly hasHome: boolean;
  /** `none`: nothing is set; `locked`: set and locked. */
  readonly passwordState: "set" | "locked" | "none";
  /** Whether the lab's password opens it; absent where that could not be tried. */
  readonly isLabPassword: boolean | undefined;
  /** Whether account or password have expired. */
  readonly isExpired: boolean;
}

/** What lies where a user's mail is delivered to. */
export interface MailboxObservation {
  readonly path: string;
  readonly kind: "missing" | "file" | "other";
  readonly owner: string;
  /** Four octal digits, `0600`. */
  readonly mode: string;
  /** Size, time of access and time of change, as stat prints them; empty where there is none. */
  readonly stamp: string;
}

/** A mail in a host's queue (postqueue(1), `-j`). */
export interface QueuedMailObservation {
  readonly queueId: string;
  /** `active`, `deferred`, `hold`, `incoming`. */
  readonly queue: string;
  readonly arrivedMs: number;
  readonly sender: string;
  readonly recipients: readonly { readonly address: string; readonly reason: string | undefined }[];
}

/** The alias database. */
interface AliasObservation {
  /** /etc/aliases; absent where there is none. */
  readonly text: string | undefined;
  readonly textChangedMs: number | undefined;
  readonly databaseChangedMs: number | undefined;
  /** What the database says of `postmaster`; absent where it can't be asked. */
  readonly postmaster: string | undefined;
}

/** A DNS answer: its status and the values of its records. */
export interface NameAnswer {
  /** `NOERROR`, `NXDOMAIN`, `SERVFAIL`, …; `no-answer` where none came. */
  readonly status: string;
  readonly values: readonly string[];
}

/** Names of the lab, each asked with its type: `MX example1.test`. */
export type NameAnswers = Readonly<Record<string, NameAnswer>>;

/** Everything that is looked at on one host, taken in one ssh call. */
export interface HostObservation {
  /** The host's clock, and how far it is from the machine's. */
  readonly atMs: number;
  readonly clockOffsetMs: number;
  readonly timeZone: { readonly file: string; readonly offset: string };
  /** Package to dpkg's word: `installed`, `half-configured`, …; absent where it is not there. */
  readonly packages: Readonly<Record<string, string>>;
  /** The program behind `mail`. */
  readonly mailProgram: string | undefined;
  /** /etc/mailname. */
  readonly mailName: string | undefined;
  /** Absent where Postfix is not installed. */
  readonly postfix: PostfixObservation | undefined;
  readonly dovecot: DovecotObservation | undefined;
  readonly services: Readonly<Record<"postfix" | "dovecot" | "rsyslog", ServiceObservation>>;
  readonly listeners: readonly { readonly address: string; readonly port: number }[];
  readonly accounts: Readonly<Record<string, AccountObservation>>;
  readonly mailboxes: Readonly<Record<string, MailboxObservation>>;
  readonly aliases: AliasObservation;
  readonly queue: readonly QueuedMailObservation[];
  readonly resolvConf: string;
  /** Names as this host's own resolver answers them. */
  readonly names: NameAnswers;
  /** Free space where mail is queued and delivered. */
  readonly disks: readonly {
    readonly path: string;
    readonly freeBytes: number;
    readonly freeInodes: number;
  }[];
  /** Other host's name to how its port 25 answers from here. */
  readonly peerPorts: Readonly<Record<string, "open" | "refused" | "silent">>;
  /** /var/log/mail.log; absent where there is none. */
  readonly mailLog: readonly MailLogLine[] | undefined;
  /** Its size when it was read. */
  readonly mailLogBytes: number;
}

/** Why a host could not be looked at. */
export interface HostFailure {
  readonly cause: Cause;
  readonly observed: Text;
}

/** What a server said to a client from outside. */
export type Probe =
  { readonly outcome: "good"; readonly words: string } | { readonly outcome: Cause; readonly words: string };

/** What became of the check's own mail. */
export interface CrossingObservation {
  readonly to: string;
  readonly receivingHost: string;
  readonly messageId: string;
  /** Under which numbers the hosts had it. */
  readonly queueIds: readonly { readonly host: string; readonly queueId: string }[];
  /** Whether the sending host's mail log has grown meanwhile; a single line may get lost on its way there. */
  readonly isLogged?: boolean;
  readonly outcome: "good" | "mail-not-taken" | "mail-deferred" | "mail-bounced" | "mail-stuck" | "mail-lost";
  /** The server's own words. */
  readonly words: string;
}

/** What was tried from outside, as far as it made sense to try. */
export interface HostProbes {
  readonly crossing?: CrossingObservation;
  /** User to how the login went. */
  readonly imap: Readonly<Record<string, Probe>>;
  readonly pop3: Readonly<Record<string, Probe>>;
  readonly smtpAuth: Readonly<Record<string, Probe>>;
  /** Whether a stranger may send on; absent where this machine can't be one. */
  readonly strangersRelay?: Probe;
}

/** One host in what was observed. */
export interface ObservedHost {
  readonly host: CheckedHost;
  /** Absent where it could not be looked at; then `failure` says why. */
  readonly seen: HostObservation | undefined;
  readonly failure: HostFailure | undefined;
  readonly probes: HostProbes;
}

/** The DNS server, asked directly. */
export interface DnsObservation {
  readonly names: NameAnswers;
  /** Its log; absent where the engine did not give it. */
  readonly log: readonly { readonly atMs: number; readonly text: string }[] | undefined;
  /** What it was asked; absent where the engine did not give it. */
  readonly questions: readonly DnsQuestion[] | undefined;
}

/** Everything that was observed, from one host's point of view: what a judge is given. */
export interface Scene {
  readonly lab: CheckedLab;
  readonly host: CheckedHost;
  /** This host as it was seen; a check that is not `isBlind` is never asked without. */
  readonly seen: HostObservation;
  readonly failure: HostFailure | undefined;
  readonly probes: HostProbes;
  /** The host that this one's user writes to. */
  readonly peer: ObservedHost;
  readonly others: readonly ObservedHost[];
  readonly dns: DnsObservation;
  /** When this host's container was made; absent where the engine did not say. */
  readonly createdMs: number | undefined;
}
