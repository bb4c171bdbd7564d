import type { Place, RosterProblem } from "./roster-problem.ts";
import type { Text } from "../text.ts";

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

const byteOrderMarkBytes = 3;

/** How many bytes a byte order mark takes at the beginning: three, or none where there is none. */
export function markBytes(bytes: Uint8Array): number {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? byteOrderMarkBytes : 0;
}

/**
 * Tells the place of a byte: line ends are LF, CR LF and CR, a character is a code point, and a byte order mark is
 * none. Asked in the order of the file it goes through it once, however many places are asked.
 *
 * @param bytes - UTF-8 up to what is asked for.
 */
export function placeFinder(bytes: Uint8Array): (offset: number) => Place {
  const start = { at: markBytes(bytes), line: 1, column: 1 };
  let cursor = { ...start };
  return (offset) => {
    if (offset < cursor.at) cursor = { ...start };
    for (; cursor.at < offset; cursor.at += 1) {
      const byte = bytes[cursor.at] ?? 0;
      const isEnd = byte === lineFeed || (byte === carriageReturn && bytes[cursor.at + 1] !== lineFeed);
      if (isEnd) cursor = { at: cursor.at, line: cursor.line + 1, column: 1 };
      // Bytes 10xxxxxx go on with a character (RFC 3629).
      else if ((byte & 0xc0) !== 0x80) cursor.column += 1;
    }
    return { line: cursor.line, column: cursor.column };
  };
}

/** What makes the bytes no UTF-8 text, or undefined: a roster of another encoding has no names that could be read. */
export function encodingProblem(bytes: Uint8Array): RosterProblem | undefined {
  if (isUtf16(bytes)) return { line: 1, column: 1, text: isIn("UTF-16") };
  const invalid = firstInvalidByte(bytes);
  if (invalid !== undefined) {
    const text = isShiftJis(bytes) ? isIn("Shift_JIS") : notUtf8;
    return { ...placeFinder(bytes)(invalid), text };
  }
  const nul = bytes.indexOf(0);
  return nul < 0 ? undefined : { ...placeFinder(bytes)(nul), text: isBinary };
}

const notUtf8: Text = {
  en: "the file is not UTF-8 here; save it as UTF-8 (in a spreadsheet: “CSV UTF-8”)",
  ja: "ここがUTF-8の文字になっていません。UTF-8で保存し直してください（表計算ソフトでは「CSV UTF-8」を選びます）",
};
const isBinary: Text = {
  en: "there is a NUL byte here, which no text has; save the list as “CSV UTF-8”",
  ja: "ここにNULバイトがあり、テキストファイルではありません。名簿を「CSV UTF-8」で保存し直してください",
};

function isIn(encoding: string): Text {
  return {
    en: `the file looks like ${encoding}; save it as UTF-8 (in Excel: “CSV UTF-8 (Comma delimited)”, not “CSV”)`,
    ja: `文字コードが${encoding}のようです。UTF-8で保存し直してください（Excelでは「CSV」ではなく「CSV UTF-8（コンマ区切り）」を選びます）`,
  };
}

/** Whether it begins with a UTF-16 byte order mark, or has ASCII letters as UTF-16 has them: with a NUL each. */
function isUtf16(bytes: Uint8Array): boolean {
  const [first, second] = bytes;
  const isMarked = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  const head = bytes.subarray(0, 64);
  const nulCount = head.filter((byte) => byte === 0).length;
  return isMarked || (head.length >= 4 && nulCount * 3 >= head.length);
}

/** Where UTF-8 ends to be UTF-8: the first byte of the character that is none. */
function firstInvalidByte(bytes: Uint8Array): number | undefined {
  if (isValid("utf-8", bytes)) return undefined;
  // Everything up to the replacement is as it was, so its length in bytes is the place. What a broken character is
  // replaced by may stand in the text too: then the next one is looked at.
  const encoder = new TextEncoder();
  const decoded = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  for (let at = decoded.indexOf("\uFFFD"); at >= 0; at = decoded.indexOf("\uFFFD", at + 1)) {
    const offset = encoder.encode(decoded.slice(0, at)).length;
    const isWritten = bytes[offset] === 0xef && bytes[offset + 1] === 0xbf && bytes[offset + 2] === 0xbd;
    if (!isWritten) return offset;
  }
  return bytes.length;
}

/** Whether the bytes are Japanese as Shift_JIS has it: valid, with kana or kanji of full width. */
function isShiftJis(bytes: Uint8Array): boolean {
  if (!isValid("shift_jis", bytes)) return false;
  return /[\p{Script=Hiragana}\p{Script=Han}\u30A0-\u30FF]/u.test(new TextDecoder("shift_jis").decode(bytes));
}

function isValid(encoding: string, bytes: Uint8Array): boolean {
  try {
    new TextDecoder(encoding, { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
