import type { TestProject } from "vitest/node";

/** What a shell shows for a program that Ctrl-C ended, and vitest too: 128 and the number of SIGINT. */
const interruptedExit = 130;

/**
 * Lets an interrupted run end in order: its tests are given up, and what they and the global setup built is taken
 * down. Left alone, vitest exits at once at SIGINT, and containers stay behind. A repeated SIGINT
 * changes nothing, since a terminal sends one and `./lab test` another; SIGTERM still ends vitest at once.
 */
export default function endInOrder({ vitest }: TestProject): void {
  process.removeAllListeners("SIGINT");
  let isEnding = false;
  process.on("SIGINT", () => {
    if (isEnding) return;
    isEnding = true;
    process.once("exit", () => {
      process.exitCode = interruptedExit;
    });
    // Where the global setup fails for it, vitest itself says so.
    vitest.cancelCurrentRun("keyboard-input").catch(() => undefined);
  });
}
