import { LabError, exitCode } from "../lab-error.ts";
import { sameText, type Text } from "../text.ts";

/** A place in a file as an editor shows it: line and character, both from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** One thing that is wrong in a roster, and where. */
export interface RosterProblem extends Place {
  readonly text: Text;
}

/** More than these are counted and not shown: they are the same mistake over and over. */
const mostProblemsShown = 20;

/** The column headings that a roster may have. */
export const rosterColumns = ["seat", "name", "stage", "engine", "language"] as const;

/** A heading of the roster. */
export type RosterColumn = (typeof rosterColumns)[number];

/**
 * The refusal of a roster: every problem in the order of the file, as `FILE:LINE:COLUMN: …`.
 *
 * @param file - as the user typed it.
 */
export function rosterError(file: string, problems: readonly RosterProblem[]): LabError {
  const inOrder = problems.toSorted((left, right) => left.line - right.line || left.column - right.column);
  const shown = inOrder.slice(0, mostProblemsShown).map(({ line, column, text }) => ({
    en: `${file}:${line}:${column}: ${text.en}`,
    ja: `${file}:${line}:${column}: ${text.ja}`,
  }));
  const hidden = problems.length - shown.length;
  const more = { en: `… and ${hidden} more`, ja: `…ほか${hidden}か所` };
  const count = problems.length === 1 ? "a problem" : `${problems.length} problems`;
  return new LabError(
    "LAB_ROSTER",
    {
      en: `The roster ${file} has ${count}; nothing was touched.`,
      ja: `名簿 ${file} に正しくない箇所が${problems.length}つあります。まだ何も変更していません。`,
    },
    {
      details: hidden > 0 ? [...shown, more] : shown,
      hint: {
        en: `mend the file and type the same again; its first line names the columns, ${rosterColumns.join(",")}, of which seat and name are needed`,
        ja: `ファイルを直して、同じコマンドをもう一度実行してください。1行目は見出しの行で、使える列は ${rosterColumns.join(",")} です（seatとnameは必須）`,
      },
      exit: exitCode.usage,
    },
  );
}

/** Of a longer value the beginning is shown. */
const mostShownCharacters = 40;

/** A value as a message shows it: in quotation marks of the language, with nothing in it that a terminal obeys. */
export function quoted(value: string): Text {
  const letters = Array.from(value.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "\u{FFFD}"));
  const shown =
    letters.length > mostShownCharacters
      ? `${letters.slice(0, mostShownCharacters).join("")}…`
      : letters.join("");
  return { en: `“${shown}”`, ja: `「${shown}」` };
}

/** The words `parts` one after the other, in each language. */
export function joined(...parts: readonly (Text | string)[]): Text {
  const texts = parts.map((part) => (typeof part === "string" ? sameText(part) : part));
  return { en: texts.map(({ en }) => en).join(""), ja: texts.map(({ ja }) => ja).join("") };
}
