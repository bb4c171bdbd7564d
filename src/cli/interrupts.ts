import { LabError } from "../model/lab-error.ts";
import type { Text } from "../model/text.ts";
import type { Speak } from "./language.ts";

/** How long the engine gets to end by itself, since a terminal sends Ctrl-C to it as well. */
const engineEndsAloneMs = 2000;

const stopping: Text = { en: "Stopping in order …", ja: "順に止めています…" };

/** What work throws that ends at the signal and says no more of it. */
function interrupted(): LabError {
  return new LabError(
    "LAB_INTERRUPTED",
    { en: "Interrupted.", ja: "中断しました。" },
    { hint: { en: "The same command goes on from here.", ja: "同じコマンドで続きから始まります。" } },
  );
}

/**
 * Follows Ctrl-C and SIGTERM: the signal that is returned aborts, running work ends in order, and the state is
 * saved. A terminal sends Ctrl-C to every process of the group; a second one would make Pulumi's engine drop
 * everything, so on a terminal the abort waits for it to end by itself.
 */
export function followInterrupts(speak: Speak): AbortSignal {
  const controller = new AbortController();
  const stop = (isFromTerminal: boolean): void => {
    if (controller.signal.aborted) return;
    process.stderr.write(`\n${speak(stopping)}\n`);
    if (isFromTerminal) {
      setTimeout(() => {
        controller.abort(interrupted());
      }, engineEndsAloneMs).unref();
    } else controller.abort(interrupted());
  };
  process.on("SIGINT", () => {
    stop(process.stdin.isTTY);
  });
  process.on("SIGTERM", () => {
    stop(false);
  });
  return controller.signal;
}
