import { styleText } from "node:util";
import yoctoSpinner from "yocto-spinner";
import type { ProgressReporter } from "../../toolchain/progress.ts";
import type { Speak } from "./language.ts";

const defaultColumns = 80;
/** What stands before the newest line: the spinner's sign, a space, and some air at the end. */
const marginColumns = 4;

/** Steps shorter than this are not worth a line of their own unless they say something. */
const quietBelowMs = 300;

/** Seconds as they are shown behind a step. */
function formatSeconds(durationMs: number): string {
  return `${(durationMs / 1000).toFixed(1)} s`;
}

/** Shows progress on the error stream: a living line on a terminal, plain lines elsewhere. */
export function terminalReporter(
  speak: Speak,
  stream: NodeJS.WriteStream = process.stderr,
): ProgressReporter {
  const isTerminal = stream.isTTY;
  return {
    begin(step) {
      const title = speak(step.title);
      const spinner = isTerminal
        ? yoctoSpinner({ text: title, stream, handleSignals: false }).start()
        : undefined;
      return {
        line(words) {
          if (spinner === undefined) stream.write(`  ${words}\n`);
          else spinner.text = fit(`${title}  ${words}`, stream.columns);
        },
        end({ outcome, ms, note }) {
          const line = [title, note, formatSeconds(ms)].filter((part) => part !== undefined).join("  ");
          if (outcome === "failed") {
            if (spinner === undefined) stream.write(`✖ ${line}\n`);
            else spinner.error(line);
          } else if (spinner === undefined) stream.write(`✔ ${line}\n`);
          else if (ms < quietBelowMs && note === undefined) spinner.stop();
          else spinner.success(line);
        },
      };
    },
    say(words) {
      stream.write(`${isTerminal ? styleText("cyan", "ℹ") : "ℹ"} ${speak(words)}\n`);
    },
  };
}

/** Cuts a line to the terminal's width: a line that wraps can't be redrawn in place. */
function fit(line: string, columns = defaultColumns): string {
  const width = columns - marginColumns;
  return line.length <= width ? line : `${line.slice(0, width - 1)}…`;
}
