import type { Text } from "../model/text.ts";
import { stuffDots } from "./dot-stuffing.ts";
import { LineConnection, type LineTarget } from "./line-connection.ts";
import { protocolError } from "./protocol-error.ts";

/** A server's answer (RFC 5321, 4.2). */
export interface SmtpReply {
  /** The three digits, such as 250. */
  code: number;
  /** The text of each line, without code and separator. */
  lines: string[];
}

const greetingWords = { en: "waiting for the SMTP greeting", ja: "SMTP の最初の応答" };

/**
 * An SMTP conversation line by line, for looking at what a server says to each of them. Refusals are replies
 * like any other.
 */
export class SmtpDialogue implements Disposable {
  /** What the server said first. */
  readonly greeting: SmtpReply;
  readonly #connection: LineConnection;

  private constructor(connection: LineConnection, greeting: SmtpReply) {
    this.#connection = connection;
    this.greeting = greeting;
  }

  /**
   * Connects and reads the greeting.
   *
   * @throws LabError `LAB_SMTP_NO_ANSWER`, `LAB_SMTP_CLOSED`, `LAB_SMTP_NOT_SMTP`
   */
  static async open(target: LineTarget): Promise<SmtpDialogue> {
    const connection = await LineConnection.open("SMTP", target);
    try {
      return new SmtpDialogue(connection, await readReply(connection, greetingWords));
    } catch (cause) {
      connection[Symbol.dispose]();
      throw cause;
    }
  }

  /**
   * Sends one line and reads the reply.
   *
   * @param shown the line as messages show it, where the line itself holds a secret
   */
  async send(line: string, shown = line): Promise<SmtpReply> {
    this.#connection.writeLine(line);
    return await readReply(this.#connection, {
      en: `waiting for the reply to "${shown}"`,
      ja: `「${shown}」への返答`,
    });
  }

  /** Sends DATA and, where the server accepts it, the message; gives the last reply. */
  async sendMessage(message: Buffer): Promise<SmtpReply> {
    const reply = await this.send("DATA");
    if (reply.code !== 354) return reply;
    this.#connection.write(stuffDots(message));
    return await readReply(this.#connection, {
      en: "waiting for the reply to the message",
      ja: "メッセージへの返答",
    });
  }

  /** Closes the connection at once. */
  [Symbol.dispose](): void {
    this.#connection[Symbol.dispose]();
  }
}

async function readReply(connection: LineConnection, what: Text): Promise<SmtpReply> {
  const lines: string[] = [];
  for (;;) {
    const line = (await connection.readLine(what)).toString("utf8");
    const [, code, separator, text] = /^([2-5]\d\d)(?:([ -])(.*))?$/.exec(line) ?? [];
    if (code === undefined) {
      const { where } = connection;
      const observed = { en: `"${line}" is no SMTP reply`, ja: `「${line}」は SMTP の返答ではありません` };
      throw protocolError({ code: "LAB_SMTP_NOT_SMTP", what, where, observed });
    }
    lines.push(text ?? "");
    if (separator !== "-") return { code: Number(code), lines };
  }
}
