import type { Headings } from "./roster-headings.ts";
import { quoted, type RosterColumn, type RosterProblem } from "./roster-problem.ts";
import { engineProblem, languageProblem, nameProblem, seatProblem, stageProblem } from "./roster-rules.ts";
import type { Field } from "./roster-table.ts";
import type { Seat } from "./roster.ts";
import type { Language, Text } from "../text.ts";

/** As many seats as one roster may have: far more than a room has, and a mistake where there are more. */
const mostSeats = 200;

/** The seats of a roster's lines, or what is wrong with them. */
export interface ReadSeats {
  readonly seats: readonly Seat[];
  readonly problems: readonly RosterProblem[];
}

/**
 * Reads the lines below the heading line.
 *
 * @param stages - every stage that a seat may have.
 * @param hasProblems - whether lines were left out that could not be read at all.
 */
export function readSeats(
  headings: Headings,
  rows: readonly (readonly Field[])[],
  stages: readonly string[],
  hasProblems: boolean,
): ReadSeats {
  const seats: Seat[] = [];
  const problems: RosterProblem[] = [];
  const [beyond] = rows[mostSeats] ?? [];
  if (rows.length === 0 && !hasProblems) problems.push({ line: headings.line, column: 1, text: noSeats });
  if (beyond !== undefined) problems.push(problemAt(beyond, tooManySeats(rows.length)));
  /** Seat in lower case to the line that it is on. */
  const lines = new Map<string, number>();
  for (const row of rows.slice(0, mostSeats)) {
    const width = widthProblem(row, headings.width);
    if (width !== undefined) problems.push(width);
    else {
      const { seat, problems: wrong } = readSeat(headings, row, stages, lines);
      problems.push(...wrong);
      seats.push(seat);
    }
  }
  return { seats, problems };
}

function problemAt({ line, column }: Field, text: Text): RosterProblem {
  return { line, column, text };
}

/** Reads one line; takes its seat into `lines`. */
function readSeat(
  { columns }: Headings,
  row: readonly Field[],
  stages: readonly string[],
  lines: Map<string, number>,
): { seat: Seat; problems: readonly RosterProblem[] } {
  const problems: RosterProblem[] = [];
  const take = (column: RosterColumn, findProblem: (value: string) => Text | undefined): string => {
    const field = row[columns.get(column) ?? -1];
    if (field === undefined) return "";
    const text = findProblem(field.value);
    if (text !== undefined) problems.push(problemAt(field, text));
    return field.value;
  };
  const line = row[0]?.line ?? 0;
  const id = take("seat", (value) => seatProblem(value) ?? doubledSeat(value, line, lines));
  const name = take("name", nameProblem);
  const stage = take("stage", (value) => (value === "" ? undefined : stageProblem(value, stages)));
  const engine = take("engine", (value) => (value === "" ? undefined : engineProblem(value)));
  const language = take("language", (value) => (value === "" ? undefined : languageProblem(value)));
  return {
    seat: {
      id,
      name,
      stage: stage === "" ? "exercise" : stage,
      engine: engine === "" ? undefined : engine,
      language: language === "" ? undefined : (language.toLowerCase() as Language),
      line,
    },
    problems,
  };
}

/** A seat that another line has too; the first one of them is right. */
function doubledSeat(value: string, line: number, lines: Map<string, number>): Text | undefined {
  const key = value.toLowerCase();
  const first = lines.get(key);
  if (first === undefined) {
    lines.set(key, line);
    return undefined;
  }
  return {
    en: `the seat ${quoted(value).en} is on line ${first} already; capitals and blanks make no difference`,
    ja: `席${quoted(value).ja}は${first}行目にもあります（大文字と小文字、前後の空白は区別しません）`,
  };
}

/** A line with more or fewer fields than the heading line: the first one too many, or the last one there is. */
function widthProblem(row: readonly Field[], width: number): RosterProblem | undefined {
  if (row.length === width) return undefined;
  const field = row[width] ?? row.at(-1);
  if (field === undefined) return undefined;
  const isLonger = row.length > width;
  return problemAt(field, {
    en: `the line has ${fields(row.length)}, the first line ${width}${isLonger ? '; a field with a comma in it has to stand in "…"' : ""}`,
    ja: `この行の項目は${row.length}個で、1行目の${width}個と合いません${isLonger ? '（コンマを含む項目は "…" で囲んでください）' : ""}`,
  });
}

function fields(count: number): string {
  return count === 1 ? "1 field" : `${count} fields`;
}

const noSeats: Text = {
  en: "below the heading line there is no seat",
  ja: "見出しの行の下に席が1つもありません",
};

function tooManySeats(count: number): Text {
  return {
    en: `there are ${count} seats; a roster may have ${mostSeats}`,
    ja: `席が${count}あります。1つの名簿に書けるのは${mostSeats}席までです`,
  };
}
