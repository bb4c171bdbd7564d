import { randomUUID } from "node:crypto";

/** What a message says and between whom. */
export interface MessageContent {
  /** Address in the From header. */
  from: string;
  /** Address in the To header. */
  to: string;
  subject: string;
  /** Text with any line ends; goes as UTF-8. */
  body: string;
  /** The Message-ID, with its angle brackets; a new one at the sender's domain unless given. */
  messageId?: string;
  /** Now unless given. */
  date?: Date;
}

/** A message that can be found again by its Message-ID. */
export interface BuiltMessage {
  messageId: string;
  /** Headers and body, with CRLF. */
  raw: Buffer;
}

/** A line with encoded words may be 76 characters (RFC 2047, 2); this many bytes of text fit behind "Subject: ". */
const ENCODED_WORD_BYTES = 39;

/**
 * Builds a plain text message in UTF-8, its body 8bit, as a mail program sends Japanese text.
 *
 * @throws TypeError when a header would hold a line end
 */
export function buildMessage(content: MessageContent): BuiltMessage {
  const { from, to, subject, body, date = new Date() } = content;
  const messageId = content.messageId ?? makeMessageId(from);
  const headers = {
    "Message-ID": messageId,
    Date: date.toUTCString().replace("GMT", "+0000"),
    From: from,
    To: to,
    Subject: encodeHeaderText(subject),
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  for (const [name, value] of Object.entries({ from, to, subject, messageId })) {
    if (/[\r\n]/.test(value)) throw new TypeError(`${name}: a header holds no line end`);
  }
  const text = body.replaceAll(/\r?\n/g, "\r\n");
  return { messageId, raw: Buffer.from(`${lines.join("\r\n")}\r\n\r\n${text}`, "utf8") };
}

/** A new Message-ID (RFC 5322, 3.6.4) at the domain of an address. */
export function makeMessageId(address: string): string {
  return `<${randomUUID()}@${address.slice(address.lastIndexOf("@") + 1)}>`;
}

/** A header's text, as encoded words (RFC 2047) where it is not plain ASCII. */
function encodeHeaderText(text: string): string {
  const isPlain = /^[\x20-\x7e]*$/.test(text) && !text.includes("=?") && text.length < 900;
  if (isPlain) return text;
  const words: string[] = [];
  let word = "";
  for (const character of text) {
    if (Buffer.byteLength(word + character) > ENCODED_WORD_BYTES) {
      words.push(word);
      word = "";
    }
    word += character;
  }
  return [...words, word].map((part) => `=?UTF-8?B?${Buffer.from(part).toString("base64")}?=`).join("\r\n ");
}
