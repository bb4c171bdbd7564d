import { styleText } from "node:util";
import { LabError, exitCode } from "../model/lab-error.ts";
import type { Text } from "../model/text.ts";
import type { Speak } from "./language.ts";

/** An error of the toolchain: the same shape as LabError, from a folder that does not know the lab. */
interface ErrorWithCode extends Error {
  readonly code: string;
  readonly hint?: Text | string | undefined;
  readonly details?: readonly string[] | string | undefined;
}

const nextStep: Text = { en: "Next", ja: "次の一手" };
const bugWords: Text = {
  en: "This is a bug of mail-lab, not of your lab. The lines above belong into a report.",
  ja: "これはmail-lab自体の不具合です。上の行を添えて報告してください。",
};

/**
 * Shows an error on the error stream: what is wrong, what was observed, what to do next. What is no LabError is a
 * bug and is shown with its stack.
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
  if (!isExpected(error)) {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    stream.write(`${stack}\n\n${paint("red", speak(bugWords))}\n`);
    return exitCode.bug;
  }
  const sentence = error instanceof LabError ? speak(error.text) : error.message;
  const details = typeof error.details === "string" ? error.details.split("\n") : (error.details ?? []);
  const hint = typeof error.hint === "object" ? speak(error.hint) : error.hint;
  stream.write(`${paint("red", "✖")} ${sentence} ${paint("dim", `[${error.code}]`)}\n`);
  for (const detail of details) stream.write(`  ${paint("dim", detail)}\n`);
  if (hint !== undefined) stream.write(`  ${paint("bold", `${speak(nextStep)}:`)} ${hint}\n`);
  return error instanceof LabError ? error.exit : exitCode.failed;
}

function isExpected(error: unknown): error is ErrorWithCode {
  return (
    error instanceof Error &&
    "code" in error &&
    typeof error.code === "string" &&
    error.code.startsWith("LAB_")
  );
}

/** The same for a program: one JSON object with `error`. */
export function errorAsJson(error: unknown): Record<string, unknown> {
  if (!isExpected(error)) return { error: { code: "LAB_BUG", message: String(error) } };
  const hint = typeof error.hint === "object" ? error.hint.en : error.hint;
  return { error: { code: error.code, message: error.message, hint, details: error.details } };
}
