import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { addCommands } from "../../../src/cli/add-commands.ts";
import { CommandLine } from "../../../src/cli/command-line.ts";
import { speakerOf } from "../../../src/cli/language.ts";
import { exitCode } from "../../../src/model/lab-error.ts";

const docs = join(import.meta.dirname, "..", "..", "..", "docs");
const folder = join(docs, "commands");
const neverAborted = new AbortController().signal;

const line = new CommandLine(
  {
    speak: speakerOf("en"),
    report: { begin: () => ({ line: () => undefined, end: () => undefined }), say: () => undefined },
    signal: neverAborted,
    engineSignal: neverAborted,
    stdout: process.stdout,
  },
  "lab",
  { en: "", ja: "" },
);
addCommands(line);

/** A command as the program has it. */
interface KnownCommand {
  readonly name: string;
  /** Those of the command itself; docs/commands.md has what all take. */
  readonly options: readonly string[];
  /** How many words the usage line names after the command. */
  readonly argumentCount: number;
}

/** A group of commands has one page, with the options of all of them. */
const commands: readonly KnownCommand[] = line.program.commands.map((command) => {
  const parts = [command, ...command.commands];
  const options = parts.flatMap((part) =>
    part.options.flatMap(({ long, hidden }) => (long && !hidden ? [long] : [])),
  );
  return {
    name: command.name(),
    options: [...new Set(options)].sort(),
    argumentCount: Math.max(...parts.map(({ registeredArguments }) => registeredArguments.length)),
  };
});

function pageOf(name: string): string {
  return readFileSync(join(folder, `${name}.md`), "utf8");
}

/** The first block of code, which is the usage line, maybe folded. */
function usageOf(page: string): string {
  return /^```\n([\s\S]*?)\n```$/m.exec(page)?.[1] ?? "";
}

function longOptions(text: string): readonly string[] {
  return [...new Set([...text.matchAll(/--[a-z][a-z-]*/g)].map(([option]) => option))].sort();
}

describe("docs/commands/", () => {
  it("has a page for each command, and no other page", () => {
    expect(readdirSync(folder).sort()).toEqual(commands.map(({ name }) => `${name}.md`).sort());
  });

  it.each(commands)("says of $name how it is called, with all of its options and no other", (command) => {
    const page = pageOf(command.name);
    const usage = usageOf(page);
    expect(page.split("\n")[0]).toBe(`# \`./lab ${command.name}\``);
    expect(usage.startsWith(`./lab ${command.name}`)).toBe(true);
    expect(longOptions(usage)).toEqual(command.options);
    const wordsBeforeOptions = (usage.split("--")[0] ?? "").match(/[A-Z][A-Z@]*/g) ?? [];
    expect(wordsBeforeOptions.length > 0).toBe(command.argumentCount > 0);
  });

  it.each(commands)("explains each option of $name that only some commands have", ({ name, options }) => {
    const usage = usageOf(pageOf(name));
    const rest = pageOf(name).replace(usage, "");
    const own = options.filter((option) => option !== "--stack");
    expect(own.filter((option) => !longOptions(rest).includes(option))).toEqual([]);
  });

  it.each(commands)("says of $name with which codes it ends", ({ name }) => {
    const known: readonly number[] = Object.values(exitCode);
    const [, table = ""] = /^## Exit codes\n\n([\s\S]*?)(?=\n## |$(?![\s\S]))/m.exec(pageOf(name)) ?? [];
    const codes = [...table.matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code));
    expect(codes[0]).toBe(0);
    expect(codes.filter((code) => !known.includes(code))).toEqual([]);
  });

  it.each(commands)("is led to for $name by the table of all commands", ({ name }) => {
    const overview = readFileSync(join(docs, "commands.md"), "utf8");
    expect(overview).toContain(`](commands/${name}.md)`);
  });
});
