import { LabError } from "../model/lab-error.ts";
import { sameText } from "../model/text.ts";
import { LineConnection } from "../protocols/line-connection.ts";
import { SmtpDialogue } from "../protocols/smtp-dialogue.ts";
import { loopback } from "./host-login.ts";
import type { CheckedHost, Probe } from "./observation.ts";

/** A login that is refused takes Dovecot two seconds and more. */
const probeDeadlineMs = 10_000;

/** Who logs in where. */
export interface LoginTarget {
  readonly host: CheckedHost;
  readonly user: string;
  readonly password: string;
  readonly signal: AbortSignal;
}

/**
 * How many bytes a session of the check's own says to Dovecot after its login, the last line end aside: Dovecot logs
 * the number (`in=`) at the end of each session, and that is how the check tells its own from a person's.
 */
export const ownSessionBytes = 269;

const noop = " NOOP\r\n";
const logout = "z LOGOUT\r\n";
const longTag = "x".repeat(ownSessionBytes + 2 - noop.length - logout.length);

/** Logs in by IMAP with the plain password, opens no mailbox, and logs out. */
export async function probeImap(target: LoginTarget): Promise<Probe> {
  return await probed(async () => {
    const connection = await LineConnection.open("IMAP", lineTarget(target, "imap"));
    try {
      const greeting = await read(connection);
      if (greeting.includes("LOGINDISABLED")) return { outcome: "plaintext-refused", words: greeting };
      connection.writeLine(`a LOGIN ${quoted(target.user)} ${quoted(target.password)}`);
      const reply = await readTagged(connection, "a");
      if (/PRIVACYREQUIRED|LOGINDISABLED|[Pp]laintext authentication disallowed/.test(reply)) {
        return { outcome: "plaintext-refused", words: reply };
      }
      if (!reply.startsWith("a OK")) {
        const isRefused = reply.includes("AUTHENTICATIONFAILED");
        return { outcome: isRefused ? "login-refused" : "no-answer", words: reply.replace(/^a /, "") };
      }
      connection.write(Buffer.from(`${longTag}${noop}${logout}`));
      await readTagged(connection, "z");
      return { outcome: "good", words: greeting };
    } finally {
      connection[Symbol.dispose]();
    }
  });
}

/**
 * Asks whether a POP3 login with a plain password would be taken, up to the password: with it Dovecot would open the
 * mailbox and number its mails, and a check changes nothing. The password itself is tried by IMAP.
 */
export async function probePop3(target: LoginTarget): Promise<Probe> {
  return await probed(async () => {
    const connection = await LineConnection.open("POP3", lineTarget(target, "pop3"));
    try {
      const greeting = (await connection.readLine(sameText("POP3"))).toString("utf8");
      if (!greeting.startsWith("+OK")) return { outcome: "no-answer", words: greeting };
      connection.writeLine(`USER ${target.user}`);
      const reply = (await connection.readLine(sameText("USER"))).toString("utf8");
      connection.writeLine("QUIT");
      await connection.readLine(sameText("QUIT"));
      return { outcome: reply.startsWith("+OK") ? "good" : "plaintext-refused", words: reply };
    } finally {
      connection[Symbol.dispose]();
    }
  });
}

/**
 * Logs in by SMTP with the plain password on port 25, and asks whether a mail to another domain would then be
 * taken; none is sent.
 */
export async function probeSmtpAuth(target: LoginTarget, recipient: string): Promise<Probe> {
  return await probed(async () => {
    const dialogue = await SmtpDialogue.open(lineTarget(target, "smtp"));
    try {
      const { user, password, host } = target;
      const offers = await dialogue.send("EHLO localhost");
      const mechanisms = offers.lines.find((line) => /^AUTH[ =]/.test(line));
      if (mechanisms === undefined)
        return { outcome: "login-not-offered", words: `250 ${offers.lines.join(" ")}` };
      const secret = Buffer.from(`\0${user}\0${password}`).toString("base64");
      const login = await dialogue.send(`AUTH PLAIN ${secret}`, "AUTH PLAIN …");
      if (login.code !== 235)
        return { outcome: "login-refused", words: `${login.code} ${login.lines.join(" ")}` };
      await dialogue.send(`MAIL FROM:<${user}@${host.domain}>`);
      const taken = await dialogue.send(`RCPT TO:<${recipient}>`);
      await dialogue.send("RSET");
      await dialogue.send("QUIT");
      const words = `${taken.code} ${taken.lines.join(" ")}`;
      return taken.code === 250 ? { outcome: "good", words } : { outcome: "relay-refused", words };
    } finally {
      dialogue[Symbol.dispose]();
    }
  });
}

/** Whom the stranger's question says that it is from; no mail of a person has it. */
export const strangersAddress = "stranger@stranger.invalid";

/**
 * Asks as a stranger whether a mail to another domain would be taken; none is sent.
 *
 * @param way - how a client reaches the host that is no part of `mynetworks`.
 */
export async function probeStrangersRelay(
  way: { readonly host: string; readonly port: number; readonly localAddress?: string },
  signal: AbortSignal,
): Promise<Probe> {
  return await probed(async () => {
    const dialogue = await SmtpDialogue.open({ ...way, deadlineMs: probeDeadlineMs, signal });
    try {
      await dialogue.send("EHLO stranger.invalid");
      await dialogue.send(`MAIL FROM:<${strangersAddress}>`);
      const taken = await dialogue.send("RCPT TO:<somebody@elsewhere.invalid>");
      await dialogue.send("QUIT");
      const words = `${taken.code} ${taken.lines.join(" ")}`;
      return taken.code === 250 ? { outcome: "relay-open", words } : { outcome: "good", words };
    } finally {
      dialogue[Symbol.dispose]();
    }
  });
}

function lineTarget({ host, signal }: LoginTarget, service: "smtp" | "pop3" | "imap") {
  return { host: loopback, port: host.ports[service], deadlineMs: probeDeadlineMs, signal };
}

/** What the protocol's clients throw says of the server; any other error is a bug. */
async function probed(probe: () => Promise<Probe>): Promise<Probe> {
  try {
    return await probe();
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    return { outcome: "no-answer", words: error.message };
  }
}

/** An IMAP string (RFC 3501, 4.3). */
function quoted(text: string): string {
  return `"${text.replaceAll(/["\\]/g, "\\$&")}"`;
}

async function read(connection: LineConnection): Promise<string> {
  return (await connection.readLine(sameText("IMAP"))).toString("utf8");
}

async function readTagged(connection: LineConnection, tag: string): Promise<string> {
  for (;;) {
    const line = await read(connection);
    if (line.startsWith(`${tag} `)) return line;
  }
}
