import { styleText } from "node:util";
import { ToolchainError } from "../../toolchain/toolchain-error.ts";
import { LabError, exitCode } from "../model/lab-error.ts";
import type { Text } from "../model/text.ts";
import type { Speak } from "./language.ts";

const nextStep: Text = { en: "Next", ja: "次の一手" };
const bugWords: Text = {
  en: "This is a bug of mail-lab, not of your lab. The lines above belong into a report.",
  ja: "これはmail-lab自体の不具合です。上の行を添えて報告してください。",
};

/**
 * Shows an error on the error stream: what is wrong, what was observed, what to do next. What is no error of the
 * lab or of its toolchain is a bug and is shown with its stack.
 *
 * @returns the exit code.
 */
export function renderError(
  error: unknown,
  speak: Speak,
  stream: NodeJS.WriteStream = process.stderr,
): number {
  const paint = (style: "red" | "dim" | "bold", words: string): string =>
    stream.isTTY ? styleText(style, words) : words;
  const expected = expectedOf(error);
  if (expected === undefined) {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    stream.write(`${stack}\n\n${paint("red", speak(bugWords))}\n`);
    return exitCode.bug;
  }
  const { text, code, details, hint, exit } = expected;
  stream.write(`${paint("red", "✖")} ${speak(text)} ${paint("dim", `[${code}]`)}\n`);
  for (const detail of details) {
    stream.write(`  ${paint("dim", typeof detail === "string" ? detail : speak(detail))}\n`);
  }
  if (hint !== undefined) stream.write(`  ${paint("bold", `${speak(nextStep)}:`)} ${speak(hint)}\n`);
  return exit;
}

/** What was thrown as an error that says what to do, or undefined. */
function expectedOf(error: unknown): LabError | ToolchainError | undefined {
  if (error instanceof LabError || error instanceof ToolchainError) return error;
  // Node.js's own waits wrap what their signal was aborted with.
  return error instanceof Error && error.name === "AbortError" ? expectedOf(error.cause) : undefined;
}

/** The same for a program: one JSON object with `error`. */
export function errorAsJson(error: unknown): Record<string, unknown> {
  const expected = expectedOf(error);
  if (expected === undefined) return { error: { code: "LAB_BUG", message: String(error) } };
  const { code, message, hint, details } = expected;
  const shown = details.map((detail) => (typeof detail === "string" ? detail : detail.en));
  return { error: { code, message, hint: hint?.en, details: shown } };
}
