import { join } from "node:path";
import { readUsage } from "../../engine/container-usage.ts";
import type { LabConfig, Start } from "../../model/lab-config.ts";
import { engineOf, type BuildContext } from "../lab-context.ts";
import { childRunner } from "./child-command.ts";
import { secondsIn } from "./figures.ts";
import { classDeadlineMs, measureCommand } from "./measured-command.ts";
import type { SeatsToMeasure } from "./measure-seats.ts";
import { isOfBaseline, writeSeatsBaselineFolder } from "./seats-baseline-folder.ts";
import type { SeatsRun } from "./seats-result.ts";

/** The labs that the script is to make. */
export interface SeatsBaselineToMeasure extends Pick<SeatsToMeasure, "folder" | "hasOwnKernel" | "title"> {
  /** Of each seat, as it was measured. */
  readonly configs: ReadonlyMap<string, LabConfig>;
  readonly stage: Start;
}

/** The script's part of a run's figures. */
type BaselineFigures = Pick<SeatsRun, Extract<keyof SeatsRun, `baseline${string}`>>;

/** Measures the plain script, and its removal of what it made. */
export async function measureSeatsBaseline(
  context: BuildContext,
  { folder: parent, configs, stage, hasOwnKernel, title }: SeatsBaselineToMeasure,
): Promise<BaselineFigures> {
  const folder = join(parent, "baseline");
  const name = `${context.stack}-baseline`;
  const seats = [...configs].map(([id, config]) => ({ id, config }));
  await writeSeatsBaselineFolder(folder, name, seats, {
    start: stage,
    cores: Math.max(1, context.toolchain.dockerInfo.cpus),
  });
  const deadlineMs = classDeadlineMs(seats.length);
  const words = (task: "up" | "down"): readonly string[] => [
    join(import.meta.dirname, "seats-baseline.sh"),
    task,
    folder,
  ];
  let isDown = false;
  try {
    const up = await measureCommand(context, {
      id: "bench-seats-baseline",
      title: title({ en: "the baseline", ja: "比較用スクリプト" }),
      words: words("up"),
      deadlineMs,
      hasOwnKernel,
    });
    const usage = await readUsage(engineOf(context), ({ labels }) => isOfBaseline(name, labels));
    const down = await measureCommand(context, {
      id: "bench-seats-baseline-down",
      title: title({ en: "the baseline's removal", ja: "比較用スクリプトの撤去" }),
      words: words("down"),
      deadlineMs,
      hasOwnKernel,
    });
    isDown = true;
    return {
      baselineSeconds: secondsIn("ssh", up.lines),
      ...(stage === "finished" ? { baselineSmtpSeconds: secondsIn("smtp", up.lines) } : {}),
      baselineDownSeconds: down.seconds,
      baselineContainerCpuSeconds: usage.cpuSeconds,
      ...(up.machineCpuSeconds === undefined ? {} : { baselineMachineCpuSeconds: up.machineCpuSeconds }),
      baselineMemoryBytes: usage.memoryBytes,
    };
  } finally {
    if (!isDown) await childRunner(context, undefined, { deadlineMs })(words("down"));
  }
}
