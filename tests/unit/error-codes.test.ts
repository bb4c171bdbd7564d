import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { exitCode } from "../../src/model/lab-error.ts";

const root = join(import.meta.dirname, "..", "..");

/** A row of docs/errors.md. */
interface Row {
  readonly code: string;
  readonly exit: number;
  readonly meanings: readonly string[];
}

const rows: readonly Row[] = readFileSync(join(root, "docs", "errors.md"), "utf8")
  .split("\n")
  .flatMap((line) => {
    const [, code, exit, ...meanings] = /^\| `(LAB_\w+)` \| (\d+) \| ([^|]+) \| ([^|]+) \|$/.exec(line) ?? [];
    return code === undefined ? [] : [{ code, exit: Number(exit), meanings }];
  });

const sources = ["src", "toolchain"].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => readFileSync(join(root, folder, name), "utf8")),
);
const shell = readFileSync(join(root, "lab"), "utf8");

/** Every code that the program or `./lab` itself may show. */
const codes = new Set([
  ...sources.flatMap((text) => [...text.matchAll(/"(LAB_[A-Z0-9_]+)"/g)].map(([, code]) => code)),
  ...[...shell.matchAll(/\[(LAB_[A-Z0-9_]+)\]/g)].map(([, code]) => code),
]);

/** An error where it is made, from its code to the end of its call. */
interface MadeError {
  readonly code: string;
  readonly words: string;
}

/** The text from `start` to the parenthesis that closes the one before it. */
function callFrom(text: string, start: number): string {
  let depth = 1;
  let end = start;
  for (; depth > 0 && end < text.length; end += 1) {
    if (text[end] === "(") depth += 1;
    if (text[end] === ")") depth -= 1;
  }
  return text.slice(start, end);
}

const made: readonly MadeError[] = sources.flatMap((text) =>
  [...text.matchAll(/new (?:LabError|ToolchainError)\(\s*"(LAB_[A-Z0-9_]+)"/g)].map(
    ({ 0: head, 1: code = "", index }) => ({
      code,
      words: callFrom(text, index + head.length),
    }),
  ),
);

/** The exit code that a call gives; a failed operation's where it says none. */
function exitOf({ words }: MadeError): number {
  const [, said] = /\bexit: (?:exitCode\.)?(\w+)/.exec(words) ?? [];
  if (said === undefined) return exitCode.failed;
  return /^\d+$/.test(said) ? Number(said) : exitCode[said as keyof typeof exitCode];
}

describe("docs/errors.md", () => {
  it("has a row for each code of the program, and for no other", () => {
    expect(rows.map(({ code }) => code).sort()).toEqual([...codes].sort());
  });

  it("says what each means in English and in Japanese", () => {
    const japanese = /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u;
    expect(
      rows.filter(({ meanings: [en = "", ja = ""] }) => japanese.test(en) || !japanese.test(ja)),
    ).toEqual([]);
  });

  it("gives the exit code that the program ends with", () => {
    const wrong = made
      // Inside another error, and never shown by itself.
      .filter(({ code }) => code !== "LAB_SMTP_REFUSED")
      .filter(({ words }) => !/^,\s*(tooLate|\{\s*en: `the docker command is needed)/.test(words))
      .filter((error) => rows.find(({ code }) => code === error.code)?.exit !== exitOf(error))
      .map((error) => `${error.code}: ${exitOf(error)}`);
    expect(wrong).toEqual([]);
  });

  it("has exit codes that docs/commands.md explains", () => {
    const commands = readFileSync(join(root, "docs", "commands.md"), "utf8");
    const explained = [...commands.matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code));
    expect(rows.filter(({ exit }) => !explained.includes(exit))).toEqual([]);
  });
});

describe("bad input", () => {
  it("is answered with a hint wherever an error of the usage is made", () => {
    const bare = made.filter((error) => exitOf(error) === exitCode.usage && !/\bhint\b/.test(error.words));
    expect(bare.map(({ code, words }) => `${code}${words.slice(0, 80)}`)).toEqual([]);
  });
});
