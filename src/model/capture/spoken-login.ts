/** The protocols in which mail is sent and read. */
export type MailProtocol = "SMTP" | "IMAP" | "POP3";

/** Who says a line. */
export type Speaker = "client" | "server";

/** What a line of a login means, where it does not say so itself. */
export type LoginMeaning =
  | { readonly kind: "credentials"; readonly user: string; readonly password: string }
  | { readonly kind: "user"; readonly user: string }
  | { readonly kind: "password"; readonly password: string }
  /** The server's question, or a challenge that a password answers without being said. */
  | { readonly kind: "question"; readonly text: string }
  | { readonly kind: "digest"; readonly text: string };

/** What a line comes to for whoever listens. */
interface Heard {
  readonly meaning?: LoginMeaning;
  /** The next bytes are TLS. */
  readonly isEncryptedNext?: boolean;
}

const nothing: Heard = {};

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

function fromBase64(text: string): string | undefined {
  return base64.test(text) ? Buffer.from(text, "base64").toString("utf8") : undefined;
}

/** A login that goes on over several lines (RFC 4954, 9051, 5034: all three protocols hand on SASL alike). */
class SaslExchange {
  readonly mechanism: string;
  #answers = 0;

  constructor(mechanism: string) {
    this.mechanism = mechanism.toUpperCase();
  }

  /** What the client's answer means. */
  answer(text: string): LoginMeaning | undefined {
    const said = fromBase64(text);
    if (said === undefined) return undefined;
    this.#answers += 1;
    if (this.mechanism === "PLAIN") {
      const [, user, password] = said.split("\0");
      return user === undefined || password === undefined
        ? undefined
        : { kind: "credentials", user, password };
    }
    if (this.mechanism === "LOGIN") {
      return this.#answers === 1 ? { kind: "user", user: said } : { kind: "password", password: said };
    }
    return { kind: "digest", text: said };
  }
}

/** Listens to one conversation line by line for passwords that go by, and for the turn to TLS. */
export interface LoginListener {
  hear(speaker: Speaker, line: string): Heard;
}

/** A listener for a protocol. */
export function loginListener(protocol: MailProtocol): LoginListener {
  if (protocol === "SMTP") return new SmtpListener();
  return protocol === "IMAP" ? new ImapListener() : new PopListener();
}

/** What the three have in common: a SASL exchange, and a command that turns to TLS. */
abstract class SaslListener implements LoginListener {
  protected sasl: SaslExchange | undefined;
  protected isTlsAsked = false;
  /** Whether the next line is an answer; somebody may also go on without having been asked. */
  #isAsked = false;
  /** How the server asks for the next line of a login. */
  protected abstract readonly prompt: RegExp;

  hear(speaker: Speaker, line: string): Heard {
    if (speaker === "server") return this.#hearServer(line);
    if (this.sasl === undefined || !this.#isAsked) return this.hearCommand(line);
    this.#isAsked = false;
    return meant(this.sasl.answer(line.trim()));
  }

  /** What the client says outside of a login. */
  protected abstract hearCommand(line: string): Heard;
  /** Whether the server's line agrees to what was asked. */
  protected abstract isAgreement(line: string): boolean;
  /** Whether the server's line is an answer at all, and not one on the way to it. */
  protected abstract isAnswer(line: string): boolean;

  protected beginSasl(mechanism: string, first: string | undefined): Heard {
    this.sasl = new SaslExchange(mechanism);
    return first === undefined || first === "=" ? nothing : meant(this.sasl.answer(first));
  }

  #hearServer(line: string): Heard {
    const question = this.sasl && this.prompt.exec(line)?.[1];
    if (question !== undefined) {
      this.#isAsked = true;
      const text = fromBase64(question.trim());
      return text === undefined || text === "" ? nothing : meant({ kind: "question", text });
    }
    if (!this.isAnswer(line)) return nothing;
    this.sasl = undefined;
    this.#isAsked = false;
    if (!this.isTlsAsked) return nothing;
    this.isTlsAsked = false;
    return this.isAgreement(line) ? { isEncryptedNext: true } : nothing;
  }
}

function meant(meaning: LoginMeaning | undefined): Heard {
  return meaning === undefined ? nothing : { meaning };
}

class SmtpListener extends SaslListener {
  protected readonly prompt = /^334 ?(.*)$/;
  #isDataAsked = false;
  #isInMail = false;

  override hear(speaker: Speaker, line: string): Heard {
    if (speaker === "server") this.#hearDataAnswer(line);
    // A mail may hold anything, "AUTH PLAIN" too.
    if (!this.#isInMail || speaker === "server") return super.hear(speaker, line);
    if (line === ".") this.#isInMail = false;
    return nothing;
  }

  protected hearCommand(line: string): Heard {
    const [, mechanism, first] = /^AUTH +(\S+)(?: +(\S+))? *$/i.exec(line) ?? [];
    if (mechanism !== undefined) return this.beginSasl(mechanism, first);
    if (/^DATA *$/i.test(line)) this.#isDataAsked = true;
    if (/^STARTTLS *$/i.test(line)) this.isTlsAsked = true;
    return nothing;
  }

  protected isAnswer(line: string): boolean {
    return /^\d{3}( |$)/.test(line);
  }

  protected isAgreement(line: string): boolean {
    return line.startsWith("220");
  }

  #hearDataAnswer(line: string): void {
    if (!this.#isDataAsked || !/^[345]\d\d( |$)/.test(line)) return;
    this.#isInMail = line.startsWith("354");
    this.#isDataAsked = false;
  }
}

class PopListener extends SaslListener {
  protected readonly prompt = /^\+ ?(.*)$/;
  #user: string | undefined;

  protected hearCommand(line: string): Heard {
    const [, command = "", rest = ""] = /^(\S+) ?(.*)$/.exec(line) ?? [];
    switch (command.toUpperCase()) {
      case "USER":
        this.#user = rest;
        return nothing;
      case "PASS":
        return meant({ kind: "credentials", user: this.#user ?? "", password: rest });
      case "AUTH": {
        const [mechanism, first] = rest.split(/ +/);
        return mechanism === undefined || mechanism === "" ? nothing : this.beginSasl(mechanism, first);
      }
      case "APOP":
        return meant({ kind: "digest", text: rest });
      case "STLS":
        this.isTlsAsked = true;
        return nothing;
      default:
        return nothing;
    }
  }

  protected isAnswer(line: string): boolean {
    return /^(\+OK|-ERR)/i.test(line);
  }

  protected isAgreement(line: string): boolean {
    return /^\+OK/i.test(line);
  }
}

/** A word of IMAP as it is typed: an atom, or in quotes (RFC 9051, 4.3). */
const imapWord = /(?:"((?:[^"\\]|\\.)*)"|([^\s"]+))/y;

function imapWords(text: string): readonly string[] {
  const words: string[] = [];
  for (let at = 0; at < text.length;) {
    imapWord.lastIndex = at;
    const [whole, quoted, atom] = imapWord.exec(text) ?? [];
    if (whole === undefined) break;
    words.push(quoted?.replace(/\\(.)/g, "$1") ?? atom ?? "");
    at += whole.length;
    while (text[at] === " ") at += 1;
  }
  return words;
}

class ImapListener extends SaslListener {
  protected readonly prompt = /^\+ ?(.*)$/;
  /** The command's tag whose answer counts. */
  #tag = "";
  /** A LOGIN that goes on after a literal: what was said of it. */
  #login: { readonly said: string; readonly literalBytes: number } | undefined;
  /** Bytes of a literal that is no part of a login, a mail for instance. */
  #literalBytes = 0;

  override hear(speaker: Speaker, line: string): Heard {
    if (speaker === "server" || this.sasl !== undefined) return super.hear(speaker, line);
    if (this.#literalBytes > 0) {
      this.#literalBytes = Math.max(0, this.#literalBytes - Buffer.byteLength(line) - "\r\n".length);
      return nothing;
    }
    const login = this.#login;
    if (login === undefined) return super.hear(speaker, line);
    this.#login = undefined;
    const word = line.slice(0, login.literalBytes).replace(/["\\]/g, "\\$&");
    return this.#hearLogin(`${login.said}"${word}"${line.slice(login.literalBytes)}`);
  }

  protected hearCommand(line: string): Heard {
    const [, tag = "", command = "", rest = ""] = /^(\S+) +(\S+) ?(.*)$/.exec(line) ?? [];
    const [first, second] = rest.split(/ +/);
    switch (command.toUpperCase()) {
      case "LOGIN":
        return this.#hearLogin(rest);
      case "AUTHENTICATE":
        this.#tag = tag;
        return first === undefined || first === "" ? nothing : this.beginSasl(first, second);
      case "STARTTLS":
        this.#tag = tag;
        this.isTlsAsked = true;
        return nothing;
      default:
        this.#literalBytes = literalAtEnd(line)?.bytes ?? 0;
        return nothing;
    }
  }

  #hearLogin(said: string): Heard {
    const literal = literalAtEnd(said);
    if (literal !== undefined) {
      this.#login = { said: said.slice(0, literal.at), literalBytes: literal.bytes };
      return nothing;
    }
    const [user, password] = imapWords(said);
    return user === undefined || password === undefined
      ? nothing
      : meant({ kind: "credentials", user, password });
  }

  protected isAnswer(line: string): boolean {
    return this.#tag !== "" && line.startsWith(`${this.#tag} `);
  }

  protected isAgreement(line: string): boolean {
    return line.slice(this.#tag.length).trim().toUpperCase().startsWith("OK");
  }
}

/** A literal's announcement at the end of a line, `{12}` or `{12+}`. */
function literalAtEnd(line: string): { readonly at: number; readonly bytes: number } | undefined {
  const found = /\{(\d{1,9})\+?\}$/.exec(line);
  return found === null ? undefined : { at: found.index, bytes: Number(found[1]) };
}
