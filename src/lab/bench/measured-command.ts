import { inStep } from "../../../toolchain/progress.ts";
import type { Text } from "../../model/text.ts";
import type { LabContext } from "../lab-context.ts";
import { childRunner } from "./child-command.ts";
import { readMachineCounters } from "./linux-counters.ts";
import { ProcessTreeWatch, type ProcessTreeCost } from "./process-tree-watch.ts";

/** A command of the measurement that is watched while it runs. */
export interface CommandToMeasure {
  readonly id: string;
  readonly title: Text;
  readonly words: readonly string[];
  readonly deadlineMs: number;
  /** Whether the containers run on this machine's kernel, so that what it counts has them in it. */
  readonly hasOwnKernel: boolean;
}

/** What a command came to. */
export interface MeasuredCommand {
  readonly lines: readonly string[];
  readonly startedAt: number;
  readonly seconds: number;
  /** Absent where there is no Linux to ask. */
  readonly cost: ProcessTreeCost | undefined;
  /** Processor time of the whole machine meanwhile. */
  readonly machineCpuSeconds: number | undefined;
}

/** Runs a command to its end and counts what it takes. */
export async function measureCommand(
  context: LabContext,
  { id, title, words, deadlineMs, hasOwnKernel }: CommandToMeasure,
): Promise<MeasuredCommand> {
  return inStep(context.report, { id, title }, async () => {
    const watch = new ProcessTreeWatch();
    const busySeconds = (): number => (hasOwnKernel ? readMachineCounters().busySeconds : 0);
    const busyBefore = busySeconds();
    const startedAt = performance.now();
    const run = childRunner(context, context.signal, { deadlineMs, onStart: watch.follow });
    try {
      const lines = await run(words);
      const seconds = (performance.now() - startedAt) / 1000;
      const machineCpuSeconds = hasOwnKernel ? busySeconds() - busyBefore : undefined;
      return { lines, startedAt, seconds, cost: watch.cost, machineCpuSeconds };
    } finally {
      watch[Symbol.dispose]();
    }
  });
}

/** Time that a class may take on a busy machine. */
export function classDeadlineMs(seats: number): number {
  const forAllMs = 300_000;
  const forEachMs = 60_000;
  return forAllMs + seats * forEachMs;
}
