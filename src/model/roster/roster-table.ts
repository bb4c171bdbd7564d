import { parse } from "csv-parse/sync";
import { markBytes, placeFinder } from "./roster-encoding.ts";
import type { Place, RosterProblem } from "./roster-problem.ts";
import type { Text } from "../text.ts";

/** One field of the file: its value with the blanks around it taken off, and where it begins. */
export interface Field extends Place {
  readonly value: string;
}

/** The lines of a CSV file that are not blank. */
export interface Table {
  readonly rows: readonly (readonly Field[])[];
  /** Fields whose quotation marks do not fit; their rows are left out. */
  readonly problems: readonly RosterProblem[];
}

/** A field as the parser has it, with its place in bytes. */
interface RawField {
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

const unclosed: Text = {
  en: "the field that begins here is not closed: a quotation mark is missing at its end",
  ja: 'ここで始まる項目が閉じていません。終わりに引用符（"）が必要です',
};
const textAfterQuote: Text = {
  en: 'after the closing quotation mark there is more text; inside quotation marks write "" for "',
  ja: '閉じる引用符の後ろに文字があります。引用符の中で " を書くときは "" とします',
};
const quoteInside: Text = {
  en: 'there is a quotation mark inside a field that does not begin with one; put the whole field in "…" and write "" for "',
  ja: '項目の途中に引用符があります。項目全体を "…" で囲み、中の " は "" と書いてください',
};

/**
 * Reads a CSV file's fields with their places (RFC 4180, lines ending in CR LF, LF or CR, a byte order mark or none).
 *
 * @param bytes - UTF-8.
 */
export function readTable(bytes: Uint8Array): Table {
  const { rows, unclosedAt } = readFields(bytes);
  const placeOf = placeFinder(bytes);
  const problems: RosterProblem[] = [];
  const read = rows.map((row) =>
    row.map((field) => {
      const place = placeOf(field.start);
      const text = quotingProblem(bytes, field);
      if (text !== undefined) problems.push({ ...place, text });
      return { ...place, value: field.value.trim(), isWhole: text === undefined };
    }),
  );
  if (unclosedAt !== undefined) problems.push({ ...placeOf(unclosedAt), text: unclosed });
  const whole = read.filter(
    (row) => row.every(({ isWhole }) => isWhole) && row.some(({ value }) => value !== ""),
  );
  return {
    rows: whole.map((row) => row.map(({ value, line, column }) => ({ value, line, column }))),
    problems,
  };
}

/** Runs the parser, which tells of each field where it ends. */
function readFields(bytes: Uint8Array): { rows: RawField[][]; unclosedAt?: number } {
  const rows: RawField[][] = [];
  let next = markBytes(bytes);
  let unclosedAt: number | undefined;
  parse(bytes, {
    bom: true,
    record_delimiter: ["\r\n", "\n", "\r"],
    skip_empty_lines: true,
    relax_column_count: true,
    // What is wrong with quotation marks is told by the field's own text, for all fields at once.
    relax_quotes: true,
    skip_records_with_error: true,
    on_skip: (error) => {
      if (error?.["index"] === 0) next = afterLineEnds(bytes, next);
      else rows.pop();
      unclosedAt = next;
      return undefined;
    },
    cast: (value, { index, bytes: end }) => {
      if (index === 0) {
        rows.push([]);
        next = afterLineEnds(bytes, next);
      }
      rows.at(-1)?.push({ value, start: next, end });
      next = end + 1;
      return value;
    },
  });
  return unclosedAt === undefined ? { rows } : { rows, unclosedAt };
}

function afterLineEnds(bytes: Uint8Array, offset: number): number {
  let at = offset;
  while (bytes[at] === 0x0a || bytes[at] === 0x0d) at += 1;
  return at;
}

function quotingProblem(bytes: Uint8Array, { start, end }: RawField): Text | undefined {
  const written = new TextDecoder().decode(bytes.subarray(start, end));
  if (!written.startsWith('"')) return written.includes('"') ? quoteInside : undefined;
  if (/^"(?:[^"]|"")*"$/.test(written)) return undefined;
  // No field of a roster goes over several lines: the mark that seems to close it opens another field.
  return /[\r\n]/.test(written) ? unclosed : textAfterQuote;
}
