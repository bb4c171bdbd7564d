import { closeSync, openSync } from "node:fs";
import { LabError } from "../model/lab-error.ts";
import type { Text } from "../model/text.ts";
import type { Speak } from "./language.ts";

/** How long the engine gets to end by itself, since a terminal sends Ctrl-C to it as well. */
const engineEndsAloneMs = 2000;

/** The signal that gives up on an end in order. */
const lastSignal = 3;

/** How a shell shows a program that Ctrl-C ended. */
const killedExit = 130;

const showCursor = "\u001B[?25h";

const words = {
  stopping: { en: "Stopping in order …", ja: "順に止めています…" },
  stillStopping: {
    en: "Still stopping in order; once more gives up at once, and may leave parts behind.",
    ja: "まだ順に止めています。もう一度押すと、その場で打ち切ります（途中のものが残ることがあります）。",
  },
} as const satisfies Record<string, Text>;

/** What ends work at an interrupt. */
export interface Interruption {
  /** Aborted at once: for the work of this process and for the tools that it runs. */
  readonly signal: AbortSignal;
  /** For Pulumi's engine: where a terminal has interrupted it already, aborted only when it does not end by that. */
  readonly engineSignal: AbortSignal;
}

/** What work throws that ends at the signal and says no more of it. */
function interrupted(cause?: unknown): LabError {
  return new LabError(
    "LAB_INTERRUPTED",
    { en: "Interrupted.", ja: "中断しました。" },
    { hint: { en: "The same command goes on from here.", ja: "同じコマンドで続きから始まります。" }, cause },
  );
}

/** What to show for `error`: after an interrupt, what isn't the lab's own sentence is only what came of it. */
export function unlessInterrupted(error: unknown, signal: AbortSignal): unknown {
  return signal.aborted && !(error instanceof LabError) ? interrupted(error) : error;
}

/**
 * Follows Ctrl-C and SIGTERM: the signals that are returned abort, running work ends in order, and the state is
 * saved. A terminal sends Ctrl-C to every process of the group; a second one would make Pulumi's engine drop
 * everything, so on a terminal its abort waits for it to end by itself. The third one ends this process at once.
 */
export function followInterrupts(speak: Speak): Interruption {
  const work = new AbortController();
  const engine = new AbortController();
  let count = 0;
  const stop = (isFromTerminal: boolean): void => {
    count += 1;
    if (count >= lastSignal) {
      if (process.stderr.isTTY) process.stderr.write(showCursor);
      process.exit(killedExit);
    }
    process.stderr.write(`\n${speak(count === 1 ? words.stopping : words.stillStopping)}\n`);
    if (count > 1) return;
    const reason = interrupted();
    work.abort(reason);
    if (isFromTerminal) {
      setTimeout(() => {
        engine.abort(reason);
      }, engineEndsAloneMs).unref();
    } else engine.abort(reason);
  };
  process.on("SIGINT", () => {
    stop(hasTerminal());
  });
  process.on("SIGTERM", () => {
    stop(false);
  });
  return { signal: work.signal, engineSignal: engine.signal };
}

/** Whether a terminal controls this process, which its standard input need not tell: `./lab up </dev/null`. */
function hasTerminal(): boolean {
  try {
    closeSync(openSync("/dev/tty", "r"));
    return true;
  } catch {
    return false;
  }
}
