import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import pLimit from "p-limit";
import { inStep } from "../../../toolchain/progress.ts";
import { readUsage, readWrittenBytes } from "../../engine/container-usage.ts";
import { listNetworks } from "../../engine/lab-objects.ts";
import { labelNames } from "../../model/labels.ts";
import type { LabConfig, Start } from "../../model/lab-config.ts";
import { stackOfSeat } from "../../model/roster/roster.ts";
import type { Text } from "../../model/text.ts";
import { engineOf, type BuildContext } from "../lab-context.ts";
import { labPaths } from "../lab-paths.ts";
import { readLabConfig } from "../stack/stack-config.ts";
import { childRunner } from "./child-command.ts";
import { correspondents } from "./correspondents.ts";
import { readMachineCounters, type MachineCounters } from "./linux-counters.ts";
import { classDeadlineMs, measureCommand } from "./measured-command.ts";
import type { SeatsRun } from "./seats-result.ts";

/** A class that is brought up, measured and taken down. */
export interface SeatsToMeasure {
  /** Where the roster is written. */
  readonly folder: string;
  readonly seats: number;
  readonly stage: Start;
  readonly hasOwnKernel: boolean;
  readonly title: (what: Text) => Text;
}

/** The class's part of a run's figures. */
type ClassFigures = Omit<SeatsRun, Extract<keyof SeatsRun, `baseline${string}`>>;

/** What was measured, and what the script then makes the same labs from: the seats' ids and configurations. */
export interface MeasuredSeats {
  readonly figures: ClassFigures;
  readonly configs: ReadonlyMap<string, LabConfig>;
}

/** Mails that cross at once, for each core: they wait for processes to start, not for the network. */
const crossingsPerCore = 2;

/** Measures the class as a person works with it, by the command line. */
export async function measureSeats(context: BuildContext, measured: SeatsToMeasure): Promise<MeasuredSeats> {
  const { folder, seats, stage, hasOwnKernel } = measured;
  const ids = Array.from({ length: seats }, (_, index) => String(index + 1).padStart(2, "0"));
  const roster = join(folder, `${context.stack}.csv`);
  await writeFile(roster, rosterText(ids, stage));
  const command = (word: "up" | "down"): readonly string[] => [
    join(context.paths.root, "lab"),
    "seats",
    word,
    roster,
  ];
  const deadlineMs = classDeadlineMs(seats);
  let isDown = false;
  try {
    const before = hasOwnKernel ? readMachineCounters() : undefined;
    const up = await measureCommand(context, {
      id: "bench-seats-up",
      title: measured.title({ en: "./lab seats up", ja: "./lab seats up" }),
      words: command("up"),
      deadlineMs,
      hasOwnKernel,
    });
    const stacks = new Map(ids.map((id) => [id, stackOfSeat({ className: context.stack }, { id })] as const));
    const isOurs = stackTest(new Set(stacks.values()));
    const configs = await readConfigs(context, stacks);
    const mailSeconds =
      stage === "finished"
        ? await crossEverywhere(context, measured, stacks, configs, up.startedAt)
        : undefined;
    const standing = await readStanding(context, isOurs, before);
    const down = await measureCommand(context, {
      id: "bench-seats-down",
      title: measured.title({ en: "./lab seats down", ja: "./lab seats down" }),
      words: command("down"),
      deadlineMs,
      hasOwnKernel,
    });
    isDown = true;
    return {
      configs,
      figures: {
        upSeconds: up.seconds,
        ...(mailSeconds === undefined ? {} : { mailSeconds }),
        downSeconds: down.seconds,
        ...(up.cost === undefined
          ? {}
          : { commandCpuSeconds: up.cost.cpuSeconds, commandPeakBytes: up.cost.peakBytes }),
        ...(up.machineCpuSeconds === undefined ? {} : { machineCpuSeconds: up.machineCpuSeconds }),
        ...standing,
      },
    };
  } finally {
    if (!isDown) await childRunner(context, undefined, { deadlineMs })(command("down"));
  }
}

function rosterText(ids: readonly string[], stage: Start): string {
  return ["seat,name,stage", ...ids.map((id) => `${id},Seat ${id},${stage}`), ""].join("\n");
}

/** Tells the containers and networks of these stacks. */
function stackTest(stacks: ReadonlySet<string>) {
  return ({ labels }: { readonly labels: Readonly<Record<string, string>> }): boolean =>
    stacks.has(labels[labelNames.stack] ?? "");
}

async function readConfigs(
  { paths }: BuildContext,
  stacks: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, LabConfig>> {
  const configs = await Promise.all(
    [...stacks].map(async ([id, stack]) => [id, await readLabConfig(labPaths(stack, paths.root))] as const),
  );
  return new Map(configs);
}

/**
 * One mail each way in every seat.
 *
 * @returns seconds since the class began to be brought up.
 */
async function crossEverywhere(
  context: BuildContext,
  { title }: SeatsToMeasure,
  stacks: ReadonlyMap<string, string>,
  configs: ReadonlyMap<string, LabConfig>,
  startedAt: number,
): Promise<number> {
  const run = childRunner(context, context.signal);
  const limit = pLimit(Math.max(1, context.toolchain.dockerInfo.cpus) * crossingsPerCore);
  const what = { en: "a mail each way in every seat", ja: "各席で双方向にメールを1通ずつ" };
  await inStep(context.report, { id: "bench-seats-mail", title: title(what) }, () =>
    limit.map(stacks, ([id, stack]) =>
      run([
        join(import.meta.dirname, "cross-mails.sh"),
        stack,
        ...correspondents(configs.get(id)?.hosts ?? []),
      ]),
    ),
  );
  return (performance.now() - startedAt) / 1000;
}

/** What the class takes while it stands. */
async function readStanding(
  context: BuildContext,
  isOurs: ReturnType<typeof stackTest>,
  before: MachineCounters | undefined,
) {
  const engine = engineOf(context);
  const { memoryBytes, containers, cpuSeconds } = await readUsage(engine, isOurs);
  const networks = (await listNetworks(engine)).filter(isOurs).length;
  const diskBytes = await readWrittenBytes(engine, labelNames.stack, (labels) => isOurs({ labels }));
  return {
    containerCpuSeconds: cpuSeconds,
    memoryBytes,
    containers,
    networks,
    diskBytes,
    ...growthSince(before),
  };
}

/** What the machine has more in use than before. */
function growthSince(
  before: MachineCounters | undefined,
): Pick<SeatsRun, "machineMemoryBytes" | "inotifyInstances"> {
  if (before === undefined) return {};
  const now = readMachineCounters();
  const { inotifyInstances } = before;
  return {
    machineMemoryBytes: before.availableBytes - now.availableBytes,
    ...(inotifyInstances === undefined || now.inotifyInstances === undefined
      ? {}
      : { inotifyInstances: now.inotifyInstances - inotifyInstances }),
  };
}
