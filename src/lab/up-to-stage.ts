import { raisedStages, startOfStage, stepsOfStage } from "../course/stage.ts";
import { LabError, exitCode } from "../model/lab-error.ts";
import type { BuildContext, LabContext } from "./lab-context.ts";
import { hostNamed, type LabHost, type LabOutputs } from "./lab-outputs.ts";
import { refuseGoingBack } from "./refuse-going-back.ts";
import { readLabState } from "./lab-state.ts";
import { findOrCreateStack } from "./pulumi-stack.ts";
import { readCommittedValues, readLabConfig, readOwnValues, setOwnValues } from "./stack-config.ts";
import { up, type UpOptions, type UpResult } from "./up.ts";

/** A stage of the chapter, and the one host that is to come to it; all of them where none is named. */
export interface StageTarget {
  readonly stage: string;
  readonly host?: string | undefined;
}

/** The configuration's keys that say how far the chapter is applied. */
type StageValues = Readonly<Partial<Record<"start" | "stage" | "stages", unknown>>>;

/**
 * Makes sure that there is such a stage, before anything is brought or looked for.
 *
 * @throws LabError `LAB_STAGE` naming those that there are.
 */
export function requireStage(stage: string): void {
  stepsOfStage(stage);
}

/**
 * Builds a lab that stands at a stage, or brings one that exists forward to it.
 *
 * A new lab's containers are created as the stage needs it; of one that exists `stage` alone changes, so that no host
 * is replaced.
 *
 * @throws LabError `LAB_STAGE_BACK`, `LAB_STAGE_COMMITTED`, and what `up` throws; then nothing was changed.
 */
export async function upToStage(
  context: BuildContext,
  target: StageTarget,
  options: UpOptions,
): Promise<UpResult> {
  await refuseCommittedStage(context);
  const { stack, isNew } = await findOrCreateStack(context);
  const outputs = isNew ? undefined : (await readLabState(stack)).outputs;
  const values =
    outputs === undefined
      ? { start: startOfStage(target.stage), stage: target.stage, stages: undefined }
      : await raisedValues(context, outputs, target);
  return await withStageValues(context, values, () => up(context, options));
}

async function raisedValues(
  context: LabContext,
  outputs: LabOutputs,
  target: StageTarget,
): Promise<StageValues> {
  const raised = hostsOf(outputs, target);
  refuseGoingBack(context, outputs, raised, () => target.stage);
  const config = await readLabConfig(context.paths);
  const { stage, stages } = raisedStages(
    config,
    config.hosts.map(({ name }) => name),
    raised.map(({ name }) => name),
    target.stage,
  );
  return { stage, stages: Object.keys(stages).length === 0 ? undefined : stages };
}

/** The hosts that are to come to the target. */
export function hostsOf(outputs: LabOutputs, { host }: StageTarget): readonly LabHost[] {
  return host === undefined ? outputs.hosts : [hostNamed(outputs, host)];
}

/** What the project's own file sets is taken over at every `up`: a stage set beside it would not last. */
async function refuseCommittedStage(context: LabContext): Promise<void> {
  const committed = await readCommittedValues(context.paths, context.stack);
  const key = ["stage", "stages", "start"].find((name) => name in committed);
  if (key === undefined) return;
  const file = `Pulumi.${context.stack}.yaml`;
  throw new LabError(
    "LAB_STAGE_COMMITTED",
    { en: `${file} sets ${key} for this lab.`, ja: `このラボの${key}は${file}で決められています。` },
    {
      hint: {
        en: `change it there and run ./lab up --stack ${context.stack}, or take the line out`,
        ja: `そこで書き換えて ./lab up --stack ${context.stack} を実行するか、その行を外してください`,
      },
      exit: exitCode.usage,
    },
  );
}

/** Works with the stage set; where the work is refused, what was set before is set again. */
async function withStageValues<Result>(
  context: LabContext,
  values: StageValues,
  work: () => Promise<Result>,
): Promise<Result> {
  const own = await readOwnValues(context.paths);
  const before = Object.fromEntries(Object.keys(values).map((key) => [key, own[key]]));
  await setOwnValues(context.paths, values);
  try {
    return await work();
  } catch (error) {
    if (isRefusal(error)) await setOwnValues(context.paths, before);
    throw error;
  }
}

/** Whether nothing was done yet: whatever fails later may have applied a part, and goes on from there. */
function isRefusal(error: unknown): boolean {
  return error instanceof LabError && (error.code === "LAB_WOULD_REPLACE" || error.exit === exitCode.usage);
}
