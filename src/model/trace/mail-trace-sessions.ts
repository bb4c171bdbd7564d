import type { TraceTls } from "./mail-trace.ts";
import type { MailLogLine } from "../mail/mail-log.ts";

/** Who was at the other end. */
interface SessionClient {
  readonly name: string;
  readonly address: string;
}

/** A `reject` line. */
interface SessionRefusal {
  readonly atMs: number;
  readonly queueId?: string;
  /** `MAIL`, `RCPT`, `DATA`. */
  readonly at: string;
  readonly dsn?: string;
  readonly said: string;
  readonly from?: string;
  readonly to?: string;
}

/** A login that was not accepted. */
interface SessionLoginFailure {
  readonly atMs: number;
  readonly method: string;
  readonly username?: string;
  readonly said: string;
}

/** One connection to a host's SMTP server. */
export interface SmtpSession {
  readonly host: string;
  readonly client: SessionClient;
  readonly startMs: number;
  /** Absent while it lasts. */
  readonly endMs?: number;
  readonly tls: TraceTls;
  readonly refusals: readonly SessionRefusal[];
  readonly loginFailures: readonly SessionLoginFailure[];
  /** The numbers under which the host queued what came by it. */
  readonly queueIds: readonly string[];
}

const clientWords = String.raw`(\S+?)\[([^\]]+)\](?::\d+)?`;
const connectPattern = new RegExp(`^connect from ${clientWords}$`);
const disconnectPattern = new RegExp(`^disconnect from ${clientWords}(.*)$`);
const rejectPattern = new RegExp(
  String.raw`^(?:NOQUEUE: )?(?:milter-)?reject: (\S+) from ${clientWords}: \d{3} (?:(\d\.\d+\.\d+) )?(.*)$`,
);
const loginFailurePattern = new RegExp(
  String.raw`^warning: ${clientWords}: SASL (\S+) authentication failed: (.*?)(?:, sasl_username=(.*))?$`,
);

/** The number of the process that wrote a line. */
function processOf({ text }: MailLogLine): string {
  return /^\S+ \S+ [^\s:[\]]+\[(\d+)\]: /.exec(text)?.[1] ?? "";
}

/** The sessions that the lines of the hosts, in order of time, tell of. */
export function readSmtpSessions(lines: readonly MailLogLine[]): readonly SmtpSession[] {
  const open = new Map<string, MailLogLine[]>();
  const all: MailLogLine[][] = [];
  for (const line of lines) {
    if (!/^postfix\/(?:.*\/)?smtpd$/.test(line.program ?? "")) continue;
    const key = `${line.host}/${processOf(line)}`;
    const current = connectPattern.test(line.message) ? undefined : open.get(key);
    if (current === undefined) {
      const begun = [line];
      all.push(begun);
      open.set(key, begun);
    } else {
      current.push(line);
    }
    if (disconnectPattern.test(line.message)) open.delete(key);
  }
  return all.flatMap((of) => sessionOf(of) ?? []);
}

function sessionOf(lines: readonly MailLogLine[]): SmtpSession | undefined {
  const [first] = lines;
  const last = lines.at(-1);
  const client = lines.map(clientIn).find((found) => found !== undefined);
  if (first === undefined || last === undefined || client === undefined) return undefined;
  const isOver = disconnectPattern.test(last.message);
  return {
    host: first.host,
    client,
    startMs: first.atMs,
    ...(isOver ? { endMs: last.atMs } : {}),
    tls: tlsOf(lines, isOver ? last.message : undefined),
    refusals: lines.flatMap((line) => refusalIn(line) ?? []),
    loginFailures: lines.flatMap((line) => loginFailureIn(line) ?? []),
    queueIds: lines.flatMap(({ queueId, message }) =>
      queueId !== undefined && message.startsWith("client=") ? [queueId] : [],
    ),
  };
}

function clientIn({ message }: MailLogLine): SessionClient | undefined {
  const [, name, address] =
    connectPattern.exec(message) ??
    disconnectPattern.exec(message) ??
    new RegExp(`^client=${clientWords}`).exec(message) ??
    new RegExp(`: \\S+ from ${clientWords}: `).exec(message) ??
    new RegExp(`^warning: ${clientWords}: SASL `).exec(message) ??
    [];
  return name === undefined || address === undefined ? undefined : { name, address };
}

/** Postfix counts a session's commands when it ends: `starttls=1` went well, `starttls=0/1` did not. */
function tlsOf(lines: readonly MailLogLine[], ending: string | undefined): TraceTls {
  const isWrapped = lines.some(({ program }) => /\/(?:smtps|submissions)\/smtpd$/.test(program ?? ""));
  if (isWrapped || lines.some(({ message }) => message.includes("TLS connection established from")))
    return "on";
  if (ending === undefined) return "unknown";
  return /\bstarttls=[1-9]/.test(ending) ? "on" : "off";
}

function refusalIn(line: MailLogLine): SessionRefusal | undefined {
  const { atMs, queueId, message } = line;
  // The client has sent more than is allowed without having said so before: the number is that of a mail that never was.
  const [, tooBig] = /^warning: (\w+): queue file size limit exceeded$/.exec(message) ?? [];
  if (tooBig !== undefined) {
    return { atMs, queueId: tooBig, at: "DATA", dsn: "5.3.4", said: "queue file size limit exceeded" };
  }
  const [, at, , , dsn, rest] = rejectPattern.exec(message) ?? [];
  if (at === undefined || rest === undefined) return undefined;
  const [, said = rest, from, to] =
    /^(.*?)(?:; from=<(.*?)>(?= |$))?(?: to=<(.*?)>(?= |$))?(?: proto=\S+)?(?: helo=<.*>)?$/.exec(rest) ?? [];
  return {
    atMs,
    at,
    said,
    ...(queueId === undefined ? {} : { queueId }),
    ...(dsn === undefined ? {} : { dsn }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  };
}

function loginFailureIn({ atMs, message }: MailLogLine): SessionLoginFailure | undefined {
  const [, , , method, said, username] = loginFailurePattern.exec(message) ?? [];
  if (method === undefined || said === undefined) return undefined;
  const isKnown = username !== undefined && username !== "(unavailable)";
  return { atMs, method, said, ...(isKnown ? { username } : {}) };
}

/** A mail that the host's own `sendmail` did not take. */
export interface LocalRefusal {
  readonly host: string;
  readonly atMs: number;
  readonly user: string;
  readonly uid: number;
  readonly said: string;
}

/** The mails that `sendmail` on a host did not take. */
export function readLocalRefusals(lines: readonly MailLogLine[]): readonly LocalRefusal[] {
  return lines.flatMap(({ host, atMs, program, message }) => {
    const [, user, uid, said] =
      (program === "postfix/sendmail" && /^fatal: (\S+)\((\d+)\): (.*)$/.exec(message)) || [];
    if (user === undefined || said === undefined) return [];
    return [{ host, atMs, user, uid: Number(uid), said }];
  });
}

/** A visit to a mailbox by IMAP or POP3. */
export interface MailboxSession {
  readonly host: string;
  readonly protocol: "imap" | "pop3";
  readonly user: string;
  readonly address: string;
  readonly method: string;
  readonly tls: TraceTls;
  readonly startMs: number;
  readonly endMs?: number;
  readonly counts: Readonly<Record<string, number>>;
}

/** The visits that Dovecot logs by default: who logged in when, and at the end what it counted. */
export function readMailboxSessions(lines: readonly MailLogLine[]): readonly MailboxSession[] {
  const endings = new Map(
    lines.flatMap((line) => {
      const [, session, rest] =
        /^(?:imap|pop3)\([^)]*\)<\d+><([^>]+)>: (?:Disconnected|Logged out|Connection closed)(.*)$/.exec(
          line.message,
        ) ?? [];
      return session === undefined || rest === undefined ? [] : [[`${line.host}/${session}`, { line, rest }]];
    }),
  );
  return lines.flatMap(({ host, atMs, program, message }) => {
    if (program !== "dovecot") return [];
    const [, protocol, user, method, address, flags, session] =
      /^(imap|pop3)-login: (?:Info: )?Login: user=<([^>]*)>, method=([^,]+), rip=([^,]+), (.*?)session=<([^>]+)>/.exec(
        message,
      ) ?? [];
    if (user === undefined || method === undefined || address === undefined) return [];
    const ending = endings.get(`${host}/${session ?? ""}`);
    return [
      {
        host,
        user,
        method,
        address,
        protocol: protocol === "imap" ? ("imap" as const) : ("pop3" as const),
        tls: /\bTLS\b/.test(flags ?? "") ? ("on" as const) : ("off" as const),
        startMs: atMs,
        ...(ending === undefined ? {} : { endMs: ending.line.atMs }),
        counts: ending === undefined ? {} : countsIn(ending.rest),
      },
    ];
  });
}

function countsIn(words: string): Readonly<Record<string, number>> {
  const pairs = [...words.matchAll(/\b([a-z_]+)=(\d+)/g)];
  return Object.fromEntries(pairs.map(([, name = "", count]) => [name, Number(count)]));
}
