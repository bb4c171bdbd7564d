const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * What a terminal would act on or hide instead of showing it: control characters but the tabulator, and what turns the
 * direction of writing or has no width (Unicode categories Cc and Cf, line and paragraph separators).
 */
const unsafe = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}]/gu;

function shown(letter: string): string {
  if (letter === "\t") return letter;
  const code = letter.codePointAt(0) ?? 0;
  const digits = code.toString(16);
  return code <= 0xff ? `\\x${digits.padStart(2, "0")}` : `\\u{${digits}}`;
}

/** Text that came from anywhere, safe for a terminal: what it would act on is shown as `\x1b` or `\u{202e}`. */
export function safeText(text: string): string {
  return text.replace(unsafe, shown);
}

/** How many bytes a character that begins with this byte takes (RFC 3629). */
function lengthOfCharacter(first: number): number {
  if (first < 0xc2 || first > 0xf4) return 1;
  if (first < 0xe0) return 2;
  return first < 0xf0 ? 3 : 4;
}

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Bytes that came from anywhere as safe text: UTF-8 as its characters, every other byte as `\x8f`. */
export function readableText(bytes: Uint8Array): string {
  const whole = decoded(bytes);
  if (whole !== undefined) return safeText(whole);
  let text = "";
  for (let at = 0; at < bytes.length;) {
    const length = lengthOfCharacter(bytes[at] ?? 0);
    const character = at + length <= bytes.length ? decoded(bytes.subarray(at, at + length)) : undefined;
    text += character === undefined ? shown(String.fromCodePoint(bytes[at] ?? 0)) : safeText(character);
    at += character === undefined ? 1 : length;
  }
  return text;
}
