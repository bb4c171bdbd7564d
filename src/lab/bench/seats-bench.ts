import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Start } from "../../model/lab-config.ts";
import type { Text } from "../../model/text.ts";
import { ensureImages } from "../lifecycle/ensure-images.ts";
import { engineOf, type BuildContext } from "../lab-context.ts";
import { readUnsettledConfig } from "../stack/stack-config.ts";
import { readInotifyLimit } from "./linux-counters.ts";
import { machineFacts } from "./machine-facts.ts";
import { measureSeats } from "./measure-seats.ts";
import { measureSeatsBaseline } from "./measure-seats-baseline.ts";
import { fitSeats, summarizeSeats, type SeatsBenchResult, type SeatsRun } from "./seats-result.ts";

/** What is measured of a class. */
export interface SeatsBenchOptions {
  /** Numbers of seats, each measured by itself. */
  readonly sizes: readonly number[];
  /** `finished` with a mail each way in every seat; an `exercise` has no Postfix yet. */
  readonly stages: readonly Start[];
  /** How often everything is measured, the class and the baseline by turns. */
  readonly runs: number;
}

/** A class of one number of seats at one stage. */
interface ClassToMeasure {
  readonly seats: number;
  readonly stage: Start;
}

/**
 * Measures `./lab seats up` and `down` of a class of its own against a plain shell script that makes the same networks
 * and containers, by turns, for each number of seats and each stage. Whatever it makes is removed, also after an
 * interrupt.
 */
export async function benchSeats(
  context: BuildContext,
  { sizes, stages, runs }: SeatsBenchOptions,
): Promise<SeatsBenchResult> {
  for (const stage of stages) await ensureStartImages(context, stage);
  const classes = sizes.flatMap((seats) => stages.map((stage): ClassToMeasure => ({ seats, stage })));
  const measured = classes.map((measuredClass) => ({ ...measuredClass, runs: [] as SeatsRun[] }));
  for (let number = 1; number <= runs; number += 1) {
    for (const { seats, stage, runs: figures } of measured) {
      context.signal.throwIfAborted();
      const title = ({ en, ja }: Text): Text => ({
        en: `Run ${number} of ${runs}, ${seats} seats, ${stage}: ${en}`,
        ja: `${number}/${runs}回目、${seats}席、${stage}: ${ja}`,
      });
      figures.push(await measureOnce(context, { seats, stage }, title));
    }
  }
  const measurements = measured.map(summarizeSeats);
  return {
    stack: context.stack,
    machine: {
      ...machineFacts(context.toolchain.dockerInfo),
      ...(hasEngineOfThisLinux(context) ? { inotifyLimit: readInotifyLimit() } : {}),
    },
    plugins: context.toolchain.plugins,
    measurements,
    fits: fitSeats(measurements),
  };
}

async function ensureStartImages(context: BuildContext, start: Start): Promise<void> {
  const values = { baseImage: context.toolchain.baseImage, start, stage: start };
  await ensureImages(context, await readUnsettledConfig(context.paths, values));
}

/** Whether the containers run on the kernel that this process asks. */
function hasEngineOfThisLinux(context: BuildContext): boolean {
  return process.platform === "linux" && engineOf(context).startsWith("unix:");
}

/** The class, from nothing to nothing, then the script on the same addresses and ports. */
async function measureOnce(
  context: BuildContext,
  { seats, stage }: ClassToMeasure,
  title: (what: Text) => Text,
): Promise<SeatsRun> {
  const folder = await mkdtemp(join(tmpdir(), "mail-lab-seats-"));
  const hasOwnKernel = hasEngineOfThisLinux(context);
  try {
    const { figures, configs } = await measureSeats(context, { folder, seats, stage, hasOwnKernel, title });
    const baseline = await measureSeatsBaseline(context, { folder, configs, stage, hasOwnKernel, title });
    return { ...figures, ...baseline };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
