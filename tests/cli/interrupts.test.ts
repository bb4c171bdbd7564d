import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { unlessInterrupted } from "../../src/cli/interrupts.ts";
import { LabError } from "../../src/model/lab-error.ts";
import { CTRL_C, startOnTerminal } from "../support/on-terminal.ts";

const folder = join(import.meta.dirname, "..", "..", "src", "cli");

/** Works until both of its signals have aborted, and says when each did and what for. */
const program = `import { followInterrupts } from "${folder}/interrupts.ts";
  const { signal, engineSignal } = followInterrupts((text) => text.en);
  setInterval(() => undefined, 1000);
  let since;
  signal.addEventListener("abort", () => {
    since = performance.now();
    console.log("tools:", signal.reason.name, signal.reason.code, signal.reason.exit);
  });
  engineSignal.addEventListener("abort", () => {
    console.log("engine:", engineSignal.reason.code, performance.now() - since < 1000 ? "at once" : "later");
    process.exit();
  });
  console.log("waiting");`;

/** The same, and never ends by itself. */
const deaf = `import { followInterrupts } from "${folder}/interrupts.ts";
  const { signal } = followInterrupts((text) => text.en);
  setInterval(() => undefined, 1000);
  console.log("waiting");`;

const nodeWords = ["--disable-warning=ExperimentalWarning", "--input-type=module-typescript", "--eval"];

/** Starts a program in a session of its own, which no terminal controls. */
function startAlone(code: string) {
  return execa(process.execPath, [...nodeWords, code], {
    stdin: "ignore",
    reject: false,
    all: true,
    detached: true,
  });
}

/** Starts a program on a terminal, with its standard input elsewhere. */
function startThere(code: string) {
  const command = [process.execPath, ...nodeWords, code].map((word) => `'${word.replaceAll("'", `'\\''`)}'`);
  return startOnTerminal(`${command.join(" ")} </dev/null`);
}

describe("a command that is interrupted", () => {
  it.each(["SIGINT", "SIGTERM"] as const)("has its work end by LAB_INTERRUPTED at %s", async (name) => {
    const command = startAlone(program);
    for await (const line of command.iterable()) if (line === "waiting") command.kill(name);
    const { stdout, stderr, exitCode } = await command;
    expect(stdout).toBe("waiting\ntools: LabError LAB_INTERRUPTED 5\nengine: LAB_INTERRUPTED at once");
    expect(stderr).toContain("Stopping in order");
    expect(exitCode).toBe(0);
  });

  it("ends its tools at once, and lets the engine end by itself, where a terminal interrupts all", async () => {
    const command = startThere(program);
    for await (const line of command.iterable()) if (line.startsWith("waiting")) command.stdin.write(CTRL_C);
    const screen = stripVTControlCharacters((await command).stdout);
    expect(screen).toContain("tools: LabError LAB_INTERRUPTED 5");
    expect(screen).toContain("engine: LAB_INTERRUPTED later");
  });

  it("goes on to its end in order also while a step is shown on the terminal", async () => {
    const command = startThere(`import { terminalReporter } from "${folder}/terminal-reporter.ts";
      ${program}
      terminalReporter((text) => text.en).begin({ id: "step", title: { en: "Long work", ja: "長い作業" } });`);
    for await (const line of command.iterable()) if (line.startsWith("waiting")) command.stdin.write(CTRL_C);
    expect(stripVTControlCharacters((await command).stdout)).toContain("engine: LAB_INTERRUPTED later");
  });

  it.each([
    ["on a terminal", true],
    ["elsewhere", false],
  ])("says that it still stops at the second, and gives up at the third, %s", async (_where, isTerminal) => {
    const command = isTerminal ? startThere(deaf) : startAlone(deaf);
    const interrupt = () => {
      if (isTerminal) command.stdin?.write(CTRL_C);
      else command.kill("SIGINT");
    };
    const lines: string[] = [];
    for await (const line of command.iterable({ from: "all" })) {
      lines.push(stripVTControlCharacters(line).replace("^C", "").trim());
      if (/waiting|topping/.test(line)) interrupt();
    }
    const { exitCode } = await command;
    expect(lines.filter((line) => line !== "")).toEqual([
      "waiting",
      "Stopping in order …",
      "Still stopping in order; once more gives up at once, and may leave parts behind.",
    ]);
    expect(exitCode).toBe(130);
  });
});

describe("what is shown of an error", () => {
  const own = new LabError("LAB_INTERRUPTED", { en: "The state is saved.", ja: "保存されています。" });
  const aborted = AbortSignal.abort();
  const other = new DOMException("This operation was aborted", "AbortError");

  it("is the interrupt, where that is what it came of", () => {
    expect(unlessInterrupted(other, aborted)).toMatchObject({
      code: "LAB_INTERRUPTED",
      exit: 5,
      cause: other,
    });
  });

  it("is the error itself, where it is the lab's own sentence or nothing was interrupted", () => {
    expect(unlessInterrupted(own, aborted)).toBe(own);
    expect(unlessInterrupted(other, new AbortController().signal)).toBe(other);
  });
});
