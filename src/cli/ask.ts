import { once } from "node:events";
import { createInterface } from "node:readline/promises";
import { LabError, exitCode } from "../model/lab-error.ts";
import type { Text } from "../model/text.ts";
import type { Session } from "./session.ts";

/** What somebody is to agree to before a command loses anything. */
export interface Question {
  /** What is about to be lost, one line each; shown above the question. */
  readonly lines: readonly string[];
  /** The question itself, without the answers. */
  readonly question: Text;
}

const words = {
  answers: { en: "[y/N]", ja: "[y/N]" },
} as const satisfies Record<string, Text>;

const yes = /^\s*(?:y|yes|はい)\s*$/i;

/**
 * Makes sure that there is somebody to ask, where nobody has agreed beforehand: to be called before anything is
 * brought or looked at.
 *
 * @param isAgreed - whether `--yes` was given.
 * @param again - the same command with `--yes`.
 * @throws LabError `LAB_NEEDS_YES` (exit 2) where there is no terminal.
 */
export function requireAnswerable(isAgreed: boolean, again: string): void {
  if (isAgreed || (process.stdin.isTTY && process.stderr.isTTY)) return;
  throw new LabError(
    "LAB_NEEDS_YES",
    {
      en: "This loses what is in there, and there is no terminal to ask on: --yes has to say so.",
      ja: "中身が失われる操作ですが、確認を表示できる端末がありません。実行するには --yes が必要です。",
    },
    {
      hint: { en: `${again}; nothing was changed`, ja: `${again}（まだ何も変えていません）` },
      exit: exitCode.usage,
    },
  );
}

/**
 * Asks on the terminal whether to go on; everything but a clear yes is a no. Ctrl-C ends it as it ends any work.
 *
 * @throws LabError `LAB_DECLINED` where the answer is no.
 */
export async function askToGoOn({ speak, signal }: Session, { lines, question }: Question): Promise<void> {
  for (const line of lines) process.stderr.write(`${line}\n`);
  // The terminal stays in its own mode, so that Ctrl-C is a signal here as anywhere else.
  const terminal = createInterface({ input: process.stdin, output: process.stderr, terminal: false });
  const closed = once(terminal, "close").then(() => "");
  try {
    const asked = terminal.question(`${speak(question)} ${speak(words.answers)} `, { signal });
    asked.catch(() => undefined); // awaited below, unless Ctrl-D has come first
    if (yes.test(await Promise.race([asked, closed]))) return;
  } finally {
    terminal.close();
  }
  throw new LabError("LAB_DECLINED", { en: "Nothing was changed.", ja: "何も変更していません。" });
}
