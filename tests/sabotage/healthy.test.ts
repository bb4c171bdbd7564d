import { describe, expect, it } from "vitest";
import { checkLab } from "./lab-check.ts";
import { unexplained } from "./unexplained.ts";
import { isFullRun } from "../support/full-run.ts";

const fullRuns = 50;
const everydayRuns = 10;
const runs = isFullRun ? fullRuns : everydayRuns;
if (!isFullRun)
  console.error(`healthy: ${everydayRuns} runs of check instead of ${fullRuns}; ./lab test --full does all`);
/** For one run on a busy machine. */
const runTimeoutMs = 60_000;

describe("a finished lab that nobody has touched", () => {
  it(
    `raises no false alarm in ${runs} checks, one after the other`,
    async () => {
      const durationsMs: number[] = [];
      for (let run = 0; run < runs; run += 1) {
        const begunMs = performance.now();
        const results = await checkLab();
        durationsMs.push(performance.now() - begunMs);
        const lines = unexplained(results, []);
        expect(lines, `run ${run + 1}: ${lines.join("\n")}`).toEqual([]);
        expect(results.filter(({ note }) => note !== undefined)).toEqual([]);
      }
      durationsMs.sort((left, right) => left - right);
      const middleMs = durationsMs[Math.floor(runs / 2)] ?? 0;
      console.error(
        `healthy: ${runs} checks, ${Math.round(middleMs)} ms in the middle, ${Math.round(durationsMs.at(-1) ?? 0)} ms at most`,
      );
    },
    runs * runTimeoutMs,
  );
});
