import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inStep } from "../../../toolchain/progress.ts";
import { readUsage } from "../../engine/container-usage.ts";
import type { LabConfig } from "../../model/lab-config.ts";
import { labelNames } from "../../model/labels.ts";
import type { Text } from "../../model/text.ts";
import { ensureImages } from "../lifecycle/ensure-images.ts";
import { engineOf, type BuildContext } from "../lab-context.ts";
import { readLabConfig, readUnsettledConfig } from "../stack/stack-config.ts";
import { writeBaselineFolder } from "./baseline-folder.ts";
import { summarize, type BenchResult, type BenchRun } from "./bench-result.ts";
import { childRunner, type RunChild } from "./child-command.ts";
import { correspondents } from "./correspondents.ts";
import { readFlood, secondsIn, type Flood } from "./figures.ts";
import { machineFacts } from "./machine-facts.ts";

/** How much is measured. */
export interface BenchOptions {
  /** How often everything is measured, the lab and the baseline by turns. */
  readonly runs: number;
  /** Mails of a flood; 0 leaves the floods out. */
  readonly mails: number;
}

const scripts = import.meta.dirname;

/**
 * Measures a lab of its own against a plain shell script that builds the same, by turns: from images with nothing
 * running until a mail has crossed both ways, an `up` with nothing to do, `down`, memory, and a flood of mails.
 * Whatever it makes is removed, also after an interrupt.
 */
export async function bench(context: BuildContext, options: BenchOptions): Promise<BenchResult> {
  await ensureImages(
    context,
    await readUnsettledConfig(context.paths, { baseImage: context.toolchain.baseImage }),
  );
  const runs: BenchRun[] = [];
  for (let number = 1; number <= options.runs; number += 1) {
    context.signal.throwIfAborted();
    const title = (what: Text): Text => ({
      en: `Run ${number} of ${options.runs}: ${what.en}`,
      ja: `${number}/${options.runs}回目: ${what.ja}`,
    });
    runs.push(await measureOnce(context, options.mails, title));
  }
  return summarize(
    context.stack,
    machineFacts(context.toolchain.dockerInfo),
    context.toolchain.plugins,
    runs,
  );
}

type Measure = <Result>(
  id: string,
  what: Text,
  work: () => Promise<Result>,
) => Promise<{ seconds: number; result: Result }>;

/** One turn: the lab, from nothing to nothing, then the baseline on the same addresses and ports. */
async function measureOnce(
  context: BuildContext,
  mails: number,
  title: (what: Text) => Text,
): Promise<BenchRun> {
  const run = childRunner(context, context.signal);
  const measure: Measure = (id, what, work) =>
    inStep(context.report, { id, title: title(what) }, async () => {
      const startedAt = performance.now();
      const result = await work();
      return { seconds: (performance.now() - startedAt) / 1000, result };
    });
  let lab;
  try {
    lab = await measureLab(context, { run, measure, mails });
  } finally {
    // A lab that was measured to the end is down already, and its stack goes here.
    await childRunner(context, undefined)(labCommand(context, "down", "--forget"));
  }
  const baseline = await measureBaseline(context, lab.config, { run, measure, mails });
  const { config, ...figures } = lab;
  return { addressing: config.addressing, ...figures, ...baseline };
}

/** What both sides are measured with. */
interface Instruments {
  readonly run: RunChild;
  readonly measure: Measure;
  readonly mails: number;
}

async function measureLab(context: BuildContext, { run, measure, mails }: Instruments) {
  const { stack, paths } = context;
  let upSeconds = 0;
  const crossing = await measure(
    "bench-up",
    { en: "./lab up until a mail has crossed both ways", ja: "./lab upからメールが双方向に届くまで" },
    async () => {
      const startedAt = performance.now();
      await run(labCommand(context, "up"));
      upSeconds = (performance.now() - startedAt) / 1000;
      const { hosts } = await readLabConfig(paths);
      await run([join(scripts, "cross-mails.sh"), stack, ...correspondents(hosts)]);
    },
  );
  const unchangedUp = await measure(
    "bench-unchanged-up",
    { en: "./lab up with nothing to do", ja: "変更のない./lab up" },
    () => run(labCommand(context, "up")),
  );
  const { memoryBytes } = await readUsage(
    engineOf(context),
    ({ labels }) => labels[labelNames.stack] === stack,
  );
  const config = await readLabConfig(paths);
  const flood = await measureFlood(mails, measure, () =>
    run([join(scripts, "flood-mails.sh"), stack, ...correspondents(config.hosts), String(mails)]),
  );
  const down = await measure("bench-down", { en: "./lab down", ja: "./lab down" }, () =>
    run(labCommand(context, "down")),
  );
  return {
    config,
    labSeconds: crossing.seconds,
    upSeconds,
    unchangedUpSeconds: unchangedUp.seconds,
    downSeconds: down.seconds,
    memoryBytes,
    labFlood: flood,
  };
}

async function measureFlood(
  mails: number,
  measure: Measure,
  work: () => Promise<readonly string[]>,
): Promise<Flood | undefined> {
  if (mails === 0) return undefined;
  const what = { en: `${mails} mails, host1 to host2`, ja: `メール${mails}通（host1からhost2へ）` };
  return readFlood(mails, (await measure("bench-flood", what, work)).result);
}

async function measureBaseline(
  context: BuildContext,
  config: LabConfig,
  { run, measure, mails }: Instruments,
): Promise<Pick<BenchRun, "baselineSeconds" | "baselineFlood">> {
  const folder = await mkdtemp(join(tmpdir(), "mail-lab-baseline-"));
  try {
    await writeBaselineFolder(folder, `${context.stack}-baseline`, config);
    const { result: lines } = await measure(
      "bench-baseline",
      { en: "the baseline, with its mails", ja: "比較用スクリプト（メールを含む）" },
      () => run([join(scripts, "baseline.sh"), folder, String(mails)]),
    );
    return {
      baselineSeconds: secondsIn("crossed", lines),
      baselineFlood: mails === 0 ? undefined : readFlood(mails, lines),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A command as a person types it, on the measurement's own stack. */
function labCommand({ paths, stack }: BuildContext, ...words: readonly string[]): readonly string[] {
  return [join(paths.root, "lab"), ...words, "--stack", stack];
}
