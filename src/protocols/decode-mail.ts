import { simpleParser, type HeaderValue, type ParsedMail } from "mailparser";

/** What the list of a mailbox shows of a mail; every text is one line. */
export interface DecodedHead {
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  /** RFC 3339; absent where there is none, or a broken one. */
  readonly date?: string;
  /** Without angle brackets. */
  readonly messageId?: string;
}

/** A mail as a mail program shows it, in plain text. */
export interface DecodedMail extends DecodedHead {
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly text: string;
  readonly isTextCut: boolean;
  readonly parts: readonly { readonly name: string; readonly type: string; readonly sizeBytes: number }[];
}

/** Characters of a name or a subject; of a header; of the text. */
const mostHeadCharacters = 300;
const mostHeaderCharacters = 2000;
const mostTextCharacters = 256 * 1024;
const mostHeaders = 200;
const mostParts = 100;
/** HTML that is longer has no plain text made of it, which takes the longer the deeper it is nested. */
const mostHtmlCharacters = 1_000_000;

const parserOptions = {
  skipTextToHtml: true,
  skipImageLinks: true,
  skipTextLinks: true,
  checksumAlgo: false,
  maxHtmlLengthToParse: mostHtmlCharacters,
} as const;

/** Decodes a mail's headers (RFC 2047), which may be its only part. */
export async function decodeHead(source: Uint8Array): Promise<DecodedHead> {
  return headOf(await simpleParser(Buffer.from(source), parserOptions));
}

/** Decodes a mail: headers, transfer encodings, character sets, MIME parts; of HTML alone its words. */
export async function decodeMail(source: Uint8Array): Promise<DecodedMail> {
  const mail = await simpleParser(Buffer.from(source), parserOptions);
  const text = mail.text ?? "";
  return {
    ...headOf(mail),
    headers: headersOf(mail),
    text: text.slice(0, mostTextCharacters),
    isTextCut: text.length > mostTextCharacters,
    parts: mail.attachments.slice(0, mostParts).map(({ filename, contentType, size }) => ({
      name: oneLine(filename ?? "", mostHeadCharacters),
      type: oneLine(contentType, mostHeadCharacters),
      sizeBytes: size,
    })),
  };
}

function headOf(mail: ParsedMail): DecodedHead {
  const { date, messageId } = mail;
  // A Date header that nobody can read becomes the time of reading.
  const isDated = date !== undefined && !Number.isNaN(Date.parse(rawValue(mail, "date")));
  return {
    from: oneLine(textOf(mail.from), mostHeadCharacters),
    to: oneLine(textOf(mail.to), mostHeadCharacters),
    subject: oneLine(mail.subject ?? "", mostHeadCharacters),
    ...(isDated && { date: date.toISOString() }),
    ...(messageId !== undefined && {
      messageId: oneLine(messageId.replace(/^<|>$/g, ""), mostHeadCharacters),
    }),
  };
}

function headersOf(mail: ParsedMail): DecodedMail["headers"] {
  const seen = new Map<string, number>();
  return mail.headerLines.slice(0, mostHeaders).map(({ key, line }) => {
    const nth = seen.get(key) ?? 0;
    seen.set(key, nth + 1);
    const colon = line.indexOf(":");
    const decoded = nthText(mail.headers.get(key), nth);
    const value = decoded ?? line.slice(colon + 1);
    return {
      name: oneLine(line.slice(0, Math.max(0, colon)), mostHeadCharacters),
      value: oneLine(value, mostHeaderCharacters),
    };
  });
}

/** The decoded words of a header's nth occurrence; of dates and parameters the header itself says more. */
function nthText(value: HeaderValue | undefined, nth: number): string | undefined {
  const one: unknown = Array.isArray(value) ? value[nth] : nth === 0 ? value : undefined;
  if (typeof one === "string") return one;
  const isAddress = typeof one === "object" && one !== null && "text" in one && typeof one.text === "string";
  return isAddress ? (one.text as string) : undefined;
}

function textOf(address: ParsedMail["to"]): string {
  return [address ?? []]
    .flat()
    .map(({ text }) => text)
    .join(", ");
}

function rawValue({ headerLines }: ParsedMail, name: string): string {
  const line = headerLines.find(({ key }) => key === name)?.line ?? "";
  return line.slice(line.indexOf(":") + 1).trim();
}

/** Without line ends and other control characters, which no header shows. */
function oneLine(text: string, mostCharacters: number): string {
  // eslint-disable-next-line no-control-regex -- these are what is taken out
  const line = text.replaceAll(/[\u0000-\u001F\u007F-\u009F]+/g, " ").trim();
  return line.length > mostCharacters ? `${line.slice(0, mostCharacters - 1)}…` : line;
}
