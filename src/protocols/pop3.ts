import { sameText, type Text } from "../model/text.ts";
import { unstuffDot } from "./dot-stuffing.ts";
import { LineConnection, type LineTarget } from "./line-connection.ts";
import { protocolError } from "./protocol-error.ts";

/** Where to read mail by POP3, and as whom. */
export interface Pop3Target extends LineTarget {
  user: string;
  password: string;
}

/** A message's number in this session, and what the listing says of it. */
export interface Pop3Entry<Value> {
  number: number;
  value: Value;
}

/**
 * Logs in by POP3 with a plain password (RFC 1939).
 *
 * @throws LabError `LAB_POP3_NO_ANSWER`, `LAB_POP3_CLOSED`, `LAB_POP3_AUTH_REFUSED`
 */
export async function connectPop3(target: Pop3Target): Promise<Pop3Session> {
  const session = new Pop3Session(await LineConnection.open("POP3", target));
  try {
    await session.login(target.user, target.password);
    return session;
  } catch (cause) {
    session[Symbol.dispose]();
    throw cause;
  }
}

/** A POP3 session. Leaving it by anything but {@link Pop3Session.quit} deletes nothing. */
export class Pop3Session implements Disposable {
  readonly #connection: LineConnection;

  constructor(connection: LineConnection) {
    this.#connection = connection;
  }

  /** Reads the greeting and logs in; called once, by {@link connectPop3}. */
  async login(user: string, password: string): Promise<void> {
    await this.#readStatus(
      { en: "waiting for the POP3 greeting", ja: "POP3 の最初の応答" },
      "LAB_POP3_REFUSED",
    );
    await this.#command(`USER ${user}`);
    this.#connection.writeLine(`PASS ${password}`);
    await this.#readStatus(
      { en: `logging in as ${user} by POP3`, ja: `${user} の POP3 でのログイン` },
      "LAB_POP3_AUTH_REFUSED",
    );
  }

  /** How many messages there are, and their size together. */
  async stat(): Promise<{ count: number; sizeBytes: number }> {
    const [count, sizeBytes] = (await this.#command("STAT")).split(" ").map(Number);
    return { count: count ?? 0, sizeBytes: sizeBytes ?? 0 };
  }

  /** Each message's size in bytes. */
  async list(): Promise<Pop3Entry<number>[]> {
    const entries = await this.#listing("LIST");
    return entries.map(({ number, value }) => ({ number, value: Number(value) }));
  }

  /** Each message's identifier, which stays the same in later sessions. */
  async uidl(): Promise<Pop3Entry<string>[]> {
    return await this.#listing("UIDL");
  }

  /** A whole message. */
  async retr(number: number): Promise<Buffer> {
    return await this.#multiline(`RETR ${number}`);
  }

  /** A message's headers and its first lines. */
  async top(number: number, lines: number): Promise<Buffer> {
    return await this.#multiline(`TOP ${number} ${lines}`);
  }

  /** Marks a message; {@link Pop3Session.quit} deletes it. */
  async dele(number: number): Promise<void> {
    await this.#command(`DELE ${number}`);
  }

  /** Ends the session; what was marked is deleted now. */
  async quit(): Promise<void> {
    await this.#command("QUIT");
    this[Symbol.dispose]();
  }

  /** Closes the connection at once. */
  [Symbol.dispose](): void {
    this.#connection[Symbol.dispose]();
  }

  async #listing(command: string): Promise<Pop3Entry<string>[]> {
    const lines = (await this.#multiline(command)).toString("latin1").split("\r\n");
    return lines
      .filter((line) => line !== "")
      .map((line) => {
        const [number, value = ""] = line.split(" ");
        return { number: Number(number), value };
      });
  }

  async #multiline(command: string): Promise<Buffer> {
    await this.#command(command);
    const parts: Buffer[] = [];
    for (;;) {
      const line = unstuffDot(await this.#connection.readLine(answerWords(command)));
      if (line === undefined) return Buffer.concat(parts);
      parts.push(line, Buffer.from("\r\n"));
    }
  }

  async #command(line: string): Promise<string> {
    this.#connection.writeLine(line);
    return await this.#readStatus(answerWords(line), "LAB_POP3_REFUSED");
  }

  async #readStatus(what: Text, refusal: `LAB_POP3_${string}`): Promise<string> {
    const line = (await this.#connection.readLine(what)).toString("utf8");
    const [, text = ""] = /^\+OK ?(.*)$/.exec(line) ?? [];
    if (!line.startsWith("+OK")) {
      throw protocolError({
        code: refusal,
        what,
        where: this.#connection.where,
        observed: sameText(`"${line}"`),
      });
    }
    return text;
  }
}

function answerWords(command: string): Text {
  return { en: `waiting for the answer to "${command}"`, ja: `「${command}」への応答` };
}
