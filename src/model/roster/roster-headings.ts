import { misspeltName } from "../misspelt.ts";
import { joined, quoted, rosterColumns, type RosterColumn, type RosterProblem } from "./roster-problem.ts";
import type { Field } from "./roster-table.ts";
import type { Text } from "../text.ts";

/** What a roster's first line says: which column is where. */
export interface Headings {
  /** How many fields each line has to have. */
  readonly width: number;
  /** Column to its number from 0. */
  readonly columns: ReadonlyMap<RosterColumn, number>;
  /** The heading line's number. */
  readonly line: number;
}

/** The heading line as read, with what is wrong in it. */
export interface ReadHeadings extends Headings {
  readonly problems: readonly RosterProblem[];
  /** Whether it makes sense to look at the lines below. */
  readonly isReadable: boolean;
}

/** What people write instead of a column's name. */
const otherWords: Readonly<Record<RosterColumn, readonly string[]>> = {
  seat: ["id", "no", "no.", "number", "席", "座席", "席番号", "座席番号", "番号", "出席番号", "学籍番号"],
  name: ["student", "full name", "student name", "氏名", "名前", "姓名", "学生", "生徒"],
  stage: ["step", "level", "段階", "手順", "進度"],
  engine: ["host", "server", "docker", "machine", "エンジン", "サーバー", "サーバ", "マシン"],
  language: ["lang", "locale", "言語"],
};
const neededColumns = ["seat", "name"] as const;

/** What may stand between fields instead of a comma. */
const otherSeparators: readonly (readonly [separator: string, words: Text])[] = [
  [";", { en: "semicolons", ja: "セミコロン" }],
  ["\t", { en: "tabs", ja: "タブ" }],
  ["，", { en: "full-width commas", ja: "全角のコンマ" }],
  ["、", { en: "Japanese commas", ja: "読点" }],
];

/**
 * Reads the heading line.
 *
 * @param row - the first line that is not blank.
 * @param hasProblems - whether something is known to be wrong, so that a file without a line is not called empty.
 */
export function readHeadings(row: readonly Field[] | undefined, hasProblems: boolean): ReadHeadings {
  const unreadable = { width: 0, columns: new Map(), line: 1, isReadable: false };
  const [first] = row ?? [];
  if (row === undefined || first === undefined) {
    return { ...unreadable, problems: hasProblems ? [] : [{ line: 1, column: 1, text: emptyFile }] };
  }
  const separator = otherSeparator(row);
  if (separator !== undefined) return { ...unreadable, problems: [separator] };
  const columns = new Map<RosterColumn, number>();
  const problems: RosterProblem[] = [];
  for (const [index, field] of row.entries()) {
    const column = rosterColumns.find((known) => known === field.value.toLowerCase());
    if (column === undefined) problems.push({ ...field, text: unknownHeading(field.value) });
    else if (columns.has(column)) problems.push({ ...field, text: doubledHeading(column) });
    else columns.set(column, index);
  }
  if (columns.size === 0) return { ...unreadable, problems: [{ ...placeOf(first), text: noHeadings }] };
  const place = placeOf(first);
  for (const column of neededColumns.filter((needed) => !columns.has(needed))) {
    problems.push({ ...place, text: missingHeading(column) });
  }
  const shown = problems.map(({ line, column, text }) => ({ line, column, text }));
  return { width: row.length, columns, line: first.line, problems: shown, isReadable: true };
}

function placeOf({ line, column }: Field): { line: number; column: number } {
  return { line, column };
}

const emptyFile: Text = {
  en: "the file is empty; its first line has to be seat,name",
  ja: "ファイルが空です。1行目に seat,name と書いてください",
};
const noHeadings: Text = {
  en: "the first line has to name the columns, such as seat,name; this one names none of them",
  ja: "1行目は seat,name のような見出しの行にしてください。この行には知っている見出しがありません",
};

/** A first line that is one field for the parser and several for whoever wrote it. */
function otherSeparator(row: readonly Field[]): RosterProblem | undefined {
  const [only, ...others] = row;
  if (only === undefined || others.length > 0) return undefined;
  const found = otherSeparators.find(([separator]) => only.value.includes(separator));
  if (found === undefined) return undefined;
  const [separator, words] = found;
  const before = Array.from(only.value.slice(0, only.value.indexOf(separator))).length;
  return {
    line: only.line,
    column: only.column + before,
    text: {
      en: `the fields are separated by ${words.en}; save the list with commas (“CSV UTF-8”)`,
      ja: `項目の区切りが${words.ja}になっています。半角のコンマで区切って保存してください（「CSV UTF-8」）`,
    },
  };
}

function unknownHeading(heading: string): Text {
  if (heading === "") {
    return {
      en: "this column has no heading; take it out, comma and all, or name it",
      ja: "この列に見出しがありません。コンマごと消すか、見出しを付けてください",
    };
  }
  const lower = heading.toLowerCase();
  const meant = rosterColumns.find(
    (column) => otherWords[column].includes(lower) || misspeltName(column, [heading]) !== undefined,
  );
  const there = {
    en: `there is no column ${quoted(heading).en}`,
    ja: `${quoted(heading).ja}という列はありません`,
  };
  if (meant !== undefined) {
    return joined(there, { en: `; did you mean ${meant}?`, ja: `（${meant} のことですか）` });
  }
  return joined(there, {
    en: `; the columns are ${rosterColumns.join(", ")}`,
    ja: `（使える列は ${rosterColumns.join("、")}）`,
  });
}

function doubledHeading(column: RosterColumn): Text {
  return { en: `the column ${column} is there twice`, ja: `${column} の列が2つあります` };
}

function missingHeading(column: RosterColumn): Text {
  return { en: `the column ${column} is missing`, ja: `${column} の列がありません` };
}
