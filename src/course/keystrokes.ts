import { LabError } from "../model/lab-error.ts";
import type { Edit, Key, Keystroke } from "./transcript.ts";

const escape = "\u001b";
const enterKey = "\r";
const backspace = "\u007f";

/** More than any field of the chapter's dialogs holds. */
const longestField = 40;

const keyBytes: Readonly<Record<Key, string>> = {
  Enter: enterKey,
  Tab: "\t",
  Escape: escape,
  "Ctrl-C": "\u0003",
  "Ctrl-D": "\u0004",
  "Rub out": backspace.repeat(longestField),
};

/**
 * The characters that a terminal gets for what is typed.
 *
 * @param passwordOf - gives an account's password.
 */
export function keysOf(typed: readonly Keystroke[], passwordOf: (account: string) => string): string {
  return typed
    .map((stroke) => {
      if (typeof stroke === "string") return stroke;
      return "key" in stroke ? keyBytes[stroke.key] : passwordOf(stroke.passwordOf);
    })
    .join("");
}

/** Keys pressed in vi, and what its screen shows once it has followed them. */
export interface ViTurn {
  readonly keys: string;
  readonly mode: "command" | "insert";
  /** The text of the line that the cursor then stands in. */
  readonly line: string;
}

/** A file's edits as they are typed in vi, and the lines that the file then has. */
export interface ViSession {
  readonly turns: readonly ViTurn[];
  readonly lines: readonly string[];
}

/** Leaves vi with what was typed, and leaves it without. */
export const viKeys = {
  save: `:wq${enterKey}`,
  giveUp: `${escape}${escape}:q!${enterKey}`,
} as const;

/** How a line's text comes to be there: instead of the line, or below it. */
type Way = "change" | "below";

function isComment(line: string): boolean {
  return /^\s*#/.test(line);
}

/** Types a line's text where the cursor stands. */
function typed(way: Way, current: string, text: string): readonly ViTurn[] {
  const inserted: readonly ViTurn[] = [
    { keys: text, mode: "insert", line: text },
    { keys: escape, mode: "command", line: text },
  ];
  if (way === "change") return [{ keys: "cc", mode: "insert", line: "" }, ...inserted];
  // Below a comment, `o` would begin the new line as a comment too: so a copy of it is changed.
  if (isComment(current)) {
    return [
      { keys: "yyp", mode: "command", line: current },
      { keys: "cc", mode: "insert", line: "" },
      ...inserted,
    ];
  }
  return [{ keys: "o", mode: "insert", line: "" }, ...inserted];
}

/** Goes to a line: by searching for its first word where that finds this line and no other, else by its number. */
function goTo(lines: readonly string[], index: number): ViTurn {
  const line = lines[index] ?? "";
  const word = /^#?\w+/.exec(line)?.[0];
  const isOnlyOne = word !== undefined && lines.filter((other) => other.startsWith(word)).length === 1;
  const keys = isOnlyOne ? `/^${word}${enterKey}` : `${index + 1}G`;
  return { keys, mode: "command", line };
}

/** A file in vi: its lines as they are by now, and what was typed. */
class EditedFile {
  readonly lines: string[];
  readonly turns: ViTurn[] = [];

  constructor(lines: readonly string[]) {
    this.lines = [...lines];
  }

  /** Types a text at a line that is gone to first. */
  type(way: Way, index: number, text: string): void {
    const current = this.lines[index] ?? "";
    this.turns.push(goTo(this.lines, index), ...typed(way, current, text));
    if (way === "change") this.lines[index] = text;
    else this.lines.splice(index + 1, 0, text);
  }

  /** Takes a line away. */
  remove(index: number): void {
    this.turns.push(goTo(this.lines, index));
    this.lines.splice(index, 1);
    this.turns.push({
      keys: "dd",
      mode: "command",
      line: this.lines[Math.min(index, this.lines.length - 1)] ?? "",
    });
  }

  setSetting(name: string, text: string): void {
    const last = this.lines.length - 1;
    const isActive = (line: string): boolean => new RegExp(`^${name}\\s*=`).test(line);
    const active = this.lines.findIndex(isActive);
    const commented = this.lines.findIndex((line) => new RegExp(`^#${name}\\s*=`).test(line));
    if (active >= 0) {
      this.type("change", active, text);
      // A line that begins with a blank goes on with the one before it.
      while (/^\s+\S/.test(this.lines[active + 1] ?? "")) this.remove(active + 1);
      // Of several lines the last one counts.
      const isAgain = (line: string, index: number): boolean => index > active && isActive(line);
      while (this.lines.some(isAgain)) this.remove(this.lines.findIndex(isAgain));
    } else if (commented >= 0) this.type("below", commented, text);
    else this.type("below", last, text);
  }

  /** Turns the block with that head, or its commented example, into an active one of just these lines. */
  setBlock(head: string, body: readonly string[]): void {
    const isHead = (line: string, sign: RegExp): boolean => line.replace(sign, "").startsWith(`${head} {`);
    const active = this.lines.findIndex((line) => isHead(line, /^\s*/));
    const start = active >= 0 ? active : this.lines.findIndex((line) => isHead(line, /^\s*#?\s*/));
    const end = this.lines.findIndex((line, index) => index > start && /^\s*#?\s*}/.test(line));
    if (start < 0 || end < 0) throw noExample(head);
    const wanted = [`  ${head} {`, ...body.map((line) => `    ${line}`), "  }"];
    const present = end - start + 1;
    wanted.forEach((text, offset) => {
      const isThere = offset < present - 1;
      const isLast = offset === wanted.length - 1;
      if (isLast) return;
      if (isThere) this.type("change", start + offset, text);
      else this.type("below", start + offset - 1, text);
    });
    const closing = start + wanted.length - 1;
    for (let extra = present - wanted.length; extra > 0; extra -= 1) this.remove(closing);
    this.type("change", closing, "  }");
  }
}

/**
 * What is typed in vi to make these edits in a file as it stands. A line is changed where it stands, else written
 * below its commented default, else at the end.
 *
 * @param text - the file as it is now.
 * @throws LabError `LAB_NO_EXAMPLE` where a block has no example that could be changed.
 */
export function viSessionOf(text: string, edits: readonly Edit[]): ViSession {
  const file = new EditedFile(text.replace(/\n$/, "").split("\n"));
  for (const edit of edits) {
    if (edit.kind === "setting") file.setSetting(edit.name, `${edit.name} = ${edit.value}`);
    else
      file.setBlock(
        edit.head,
        edit.settings.map(([name, value]) => `${name} = ${value}`),
      );
  }
  return { turns: file.turns, lines: file.lines };
}

function noExample(head: string): LabError {
  return new LabError("LAB_NO_EXAMPLE", {
    en: `The file has no block “${head}”, nor an example of one that could be changed.`,
    ja: `ファイルに「${head}」のブロックも、その例もありません。`,
  });
}
