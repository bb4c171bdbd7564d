import { LineSplitter, type SaidLine } from "./line-splitter.ts";
import { readableText, safeText } from "../readable-text.ts";
import { loginListener, type LoginMeaning, type MailProtocol, type Speaker } from "./spoken-login.ts";
import type { StreamPart } from "./tcp-stream.ts";

/** What happens in a conversation, as a reader sees it; every text is safe for a terminal. */
export type ConversationEvent =
  | { readonly kind: "line"; readonly from: Speaker; readonly text: string; readonly cutBytes: number }
  /** What the line before it means, where it does not say so itself. */
  | { readonly kind: "meaning"; readonly from: Speaker; readonly meaning: LoginMeaning }
  /** From here on nobody can read it. */
  | { readonly kind: "encrypted" }
  /** Lines that are not shown, so many did one side say at a stretch. */
  | { readonly kind: "left-out"; readonly from: Speaker; readonly lines: number }
  /** Bytes that were not captured. */
  | { readonly kind: "missing"; readonly from: Speaker; readonly bytes: number };

/** Lines that one side may say at a stretch before they are left out: a mail of usual length. */
const mostLinesAtAStretch = 200;

/** The first byte of a TLS record that opens a connection, and the major version of all of them (RFC 8446, 5.1). */
const tlsHandshake = 0x16;
const tlsMajorVersion = 0x03;

/** Makes lines, and what they mean, of the bytes that both sides of a connection say. */
export class MailConversation {
  readonly #say: (event: ConversationEvent) => void;
  readonly #listener;
  readonly #lines: Readonly<Record<Speaker, LineSplitter>> = {
    client: new LineSplitter(),
    server: new LineSplitter(),
  };
  readonly #bytes: Record<Speaker, number> = { client: 0, server: 0 };
  readonly #encryptedBytes: Record<Speaker, number> = { client: 0, server: 0 };
  #isEncrypted = false;
  #speaker: Speaker | undefined;
  #stretch = 0;
  /** The last of the lines that are left out: it is shown, since a mail's is its end. */
  #heldLine: SaidLine | undefined;

  constructor(protocol: MailProtocol, say: (event: ConversationEvent) => void) {
    this.#listener = loginListener(protocol);
    this.#say = say;
  }

  /** How much went by that could not be read. */
  get encryptedBytes(): Readonly<Record<Speaker, number>> {
    return this.#encryptedBytes;
  }

  /** Takes what one side says next. */
  take(from: Speaker, part: StreamPart): void {
    if (part.kind === "missing") {
      this.#endStretch();
      this.#say({ kind: "missing", from, bytes: part.bytes });
      return;
    }
    const { bytes } = part;
    const isFirst = this.#bytes[from] === 0;
    this.#bytes[from] += bytes.length;
    if (isFirst && bytes[0] === tlsHandshake && bytes[1] === tlsMajorVersion) this.#turnToTls();
    for (let at = 0; at < bytes.length;) {
      if (this.#isEncrypted) {
        this.#encryptedBytes[from] += bytes.length - at;
        return;
      }
      const { line, taken } = this.#lines[from].take(bytes.subarray(at));
      at += taken;
      if (line !== undefined) this.#hear(from, line);
    }
  }

  /** Says what is left: lines without an end, and how much was left out. */
  finish(): void {
    for (const from of ["client", "server"] as const) {
      const line = this.#lines[from].finish();
      if (line !== undefined) this.#hear(from, line);
    }
    this.#endStretch();
  }

  #turnToTls(): void {
    if (this.#isEncrypted) return;
    this.#endStretch();
    this.#isEncrypted = true;
    this.#say({ kind: "encrypted" });
  }

  #hear(from: Speaker, line: SaidLine): void {
    if (this.#speaker !== from) this.#endStretch();
    this.#speaker = from;
    this.#stretch += 1;
    if (this.#stretch <= mostLinesAtAStretch) this.#show(from, line);
    else this.#heldLine = line;
    const { meaning, isEncryptedNext } = this.#listener.hear(from, line.bytes.toString("utf8"));
    if (meaning !== undefined) this.#say({ kind: "meaning", from, meaning: safeMeaning(meaning) });
    if (isEncryptedNext === true) this.#turnToTls();
  }

  #show(from: Speaker, { bytes, cutBytes }: SaidLine): void {
    this.#say({ kind: "line", from, text: readableText(bytes), cutBytes });
  }

  #endStretch(): void {
    const from = this.#speaker;
    const lines = this.#stretch - mostLinesAtAStretch - 1;
    const last = this.#heldLine;
    this.#stretch = 0;
    this.#heldLine = undefined;
    if (from === undefined || last === undefined) return;
    if (lines > 0) this.#say({ kind: "left-out", from, lines });
    this.#show(from, last);
  }
}

function safeMeaning(meaning: LoginMeaning): LoginMeaning {
  switch (meaning.kind) {
    case "credentials":
      return { ...meaning, user: safeText(meaning.user), password: safeText(meaning.password) };
    case "user":
      return { ...meaning, user: safeText(meaning.user) };
    case "password":
      return { ...meaning, password: safeText(meaning.password) };
    default:
      return { ...meaning, text: safeText(meaning.text) };
  }
}
