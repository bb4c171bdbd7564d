import { raisedStages, startOfStage, stepsOfStage } from "../../course/stage.ts";
import type { LabConfig } from "../../model/lab-config.ts";
import type { BuildContext, LabContext } from "../lab-context.ts";
import { hostNamed, type LabHost, type LabOutputs } from "../stack/lab-outputs.ts";
import { refuseGoingBack } from "./refuse-going-back.ts";
import { readLabState } from "../stack/lab-state.ts";
import { findOrCreateStack } from "../stack/pulumi-stack.ts";
import { readLabConfig } from "../stack/stack-config.ts";
import { up, type UpOptions, type UpResult } from "./up.ts";
import { refuseCommitted, withOwnValues } from "../stack/with-own-values.ts";

/** A stage of the chapter, and the one host that is to come to it; all of them where none is named. */
export interface StageTarget {
  readonly stage: string;
  readonly host?: string | undefined;
}

/** The configuration's keys that say what hosts are created as and how far the chapter is applied. */
export const stageKeys = [
  "stage",
  "stages",
  "start",
  "starts",
] as const satisfies readonly (keyof LabConfig)[];

type StageValues = Readonly<Partial<Record<(typeof stageKeys)[number], unknown>>>;

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
  await refuseCommitted(context, stageKeys, "LAB_STAGE_COMMITTED");
  const { stack, isNew } = await findOrCreateStack(context);
  const outputs = isNew ? undefined : (await readLabState(stack)).outputs;
  const values =
    outputs === undefined
      ? { start: startOfStage(target.stage), starts: undefined, stage: target.stage, stages: undefined }
      : await raisedValues(context, outputs, target);
  return await withOwnValues(context, values, () => up(context, options));
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
