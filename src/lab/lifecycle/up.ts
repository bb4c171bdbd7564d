import type { EngineEvent, Stack } from "@pulumi/pulumi/automation/index.js";
import { inStep } from "../../../toolchain/progress.ts";
import { stageOfHost, startOfHost } from "../../course/stage.ts";
import type { LabConfig } from "../../model/lab-config.ts";
import { LabError } from "../../model/lab-error.ts";
import { planTopology } from "../../model/topology.ts";
import { takeChoiceLock, type ChoiceLock } from "../machine/choice-lock.ts";
import { ensureImages } from "./ensure-images.ts";
import { engineOf, type BuildContext, type LabContext } from "../lab-context.ts";
import type { BuiltState, LabOutputs, ShownOutputs } from "../stack/lab-outputs.ts";
import { dropPendingOperations, emptyState, readLabState, type LabState } from "../stack/lab-state.ts";
import { appliedStage, refuseGoingBack } from "./refuse-going-back.ts";
import { findOrCreateStack } from "../stack/pulumi-stack.ts";
import { resourceName, runEngine } from "../stack/run-engine.ts";
import { listNamesakes, sayLeftAlone } from "./namesakes.ts";
import { refuseForeignNames, refuseTakenRange } from "./refuse-foreign.ts";
import { removeUnfinished } from "./remove-orphans.ts";
import { requireSameEngine } from "../reach/require-same-engine.ts";
import { foreseeConfig, settleMachineValues } from "../machine/settle-machine-values.ts";
import { settleDeskPort } from "../machine/settle-desk-port.ts";
import { readLabConfig } from "../stack/stack-config.ts";
import { runProgram } from "../stack/run-program.ts";
import { refreshState, runUpdate, type Updated } from "../stack/run-update.ts";
import { clearDeadLocks } from "../stack/stack-lock.ts";
import { startStopped, waitForBoot } from "./start-stopped.ts";

/** How `up` is to behave. */
export interface UpOptions {
  /** Hosts that exist may be replaced, and what is in them lost. */
  readonly mayReplace: boolean;
  /**
   * Whoever calls builds several labs at once: it holds the right to choose, has seen to the images, and has settled
   * this lab's values.
   */
  readonly isSettled?: boolean;
}

/** What `up` came to. */
export interface UpResult {
  readonly outputs: ShownOutputs;
  readonly isChanged: boolean;
  /** The same with the secrets. */
  readonly withSecrets: LabOutputs;
}

const containerType = "docker:index/container:Container";

/** A host that an update would replace or remove. */
interface Replacement {
  readonly name: string;
  readonly reasons: readonly string[];
}

/** Builds the lab, or brings one that exists to what its configuration says; does nothing where nothing has changed. */
export async function up(context: BuildContext, options: UpOptions): Promise<UpResult> {
  await clearDeadLocks(context);
  const { stack, isNew } = await findOrCreateStack(context);
  const state = isNew ? emptyState : await readLabState(stack);
  const { isSettled = false } = options;
  if (isUnsettled(state) && !isSettled) await prepareImages(context, state);
  const choice = state.outputs === undefined && !isSettled ? await takeChoiceLock(context) : undefined;
  try {
    const config = await prepareConfig(context, state, isSettled);
    await ensureImages(context, config);
    await context.reach?.open(planTopology(config));
    await bringBack(context, stack, state);
    if (
      state.outputs !== undefined &&
      !(await existingNeedsUpdate(context, stack, { ...state, outputs: state.outputs }, config, options))
    ) {
      return { outputs: state.outputs, isChanged: false, withSecrets: state.outputs };
    }
    const updated = await runUpdate(context, stack, {
      id: "lab-up",
      title: { en: `Lab ${context.stack}`, ja: `ラボ ${context.stack}` },
      failed: {
        en: `The lab ${context.stack} could not be built.`,
        ja: `ラボ${context.stack}を構築できませんでした。`,
      },
      watch: releaseOnceBuilt(choice, config.hosts.length + (config.desk === "" ? 1 : 2)),
    });
    if (state.outputs === undefined || options.mayReplace) await waitWhereNothingWasApplied(context, updated);
    return { ...updated, isChanged: true };
  } finally {
    await choice?.release();
  }
}

/** A step that was applied has logged in; where none was, a host may still be on its way to listen. */
async function waitWhereNothingWasApplied(
  context: LabContext,
  { outputs, withSecrets }: Updated,
): Promise<void> {
  if (outputs.hosts.some(({ name }) => appliedStage(outputs, name) === "exercise"))
    await waitForBoot(context, withSecrets);
}

/** Whether nothing that the machine chooses is in Docker's hands yet. */
function isUnsettled({ outputs, dockerIds }: LabState): boolean {
  return outputs === undefined && dockerIds.size === 0;
}

/** Builds the images before anything is chosen: it can take minutes, and other labs wait for their turn to choose. */
async function prepareImages(context: BuildContext, state: LabState): Promise<void> {
  const config = await foreseeConfig(context);
  requireSameEngine(context, config.engine);
  await refuseForeignNames(context, config, state.owner);
  // What a killed build left must not take the range from the lab that it was for.
  await removeUnfinished(context, state);
  await ensureImages(context, config);
}

/** Settles the configuration of a lab that is to be built, and makes sure that its names are free or its own. */
async function prepareConfig(context: BuildContext, state: LabState, isSettled: boolean): Promise<LabConfig> {
  if (isUnsettled(state) && !isSettled) await settleMachineValues(context);
  const config = await settleDeskPort(context, await readLabConfig(context.paths));
  requireSameEngine(context, config.engine);
  await refuseForeignNames(context, config, state.owner);
  sayLeftAlone(context.report, await listNamesakes(engineOf(context), context.stack, state.owner));
  await removeUnfinished(context, state);
  await refuseTakenRange(context, config, state.owner);
  return config;
}

/** Lets the next lab choose its addresses and ports as soon as this one's containers all run. */
function releaseOnceBuilt(choice: ChoiceLock | undefined, containers: number): (event: EngineEvent) => void {
  let missing = containers;
  return (event) => {
    if (event.resOutputsEvent?.metadata.type !== containerType) return;
    missing -= 1;
    if (missing === 0) void choice?.release();
  };
}

/** Starts what was stopped; where something is gone or was being changed, compares the state with the engine. */
async function bringBack(context: LabContext, stack: Stack, state: LabState): Promise<void> {
  if (state.isInterrupted) await dropPendingOperations(stack);
  const { isWhole } = await startStopped(context, state);
  if (state.dockerIds.size === 0 || (isWhole && !state.isInterrupted)) return;
  await refreshState(context, stack);
}

/** Asks whether anything is left to do; refuses what would replace a host without leave, or take a stage back. */
async function existingNeedsUpdate(
  context: LabContext,
  stack: Stack,
  { outputs, unfinished }: BuiltState,
  config: LabConfig,
  options: UpOptions,
): Promise<boolean> {
  const replacements: Replacement[] = [];
  const changedStages = new Set<string>();
  const preview = await inStep(
    context.report,
    { id: "lab-preview", title: { en: "Compare", ja: "差分の確認" } },
    () =>
      runEngine(
        context,
        stack,
        { en: "The lab's changes could not be worked out.", ja: "ラボの変更点を調べられませんでした。" },
        { line: () => undefined },
        (listener) =>
          stack.preview({
            program: () => runProgram(() => undefined),
            signal: context.engineSignal,
            color: "never",
            onEvent: (event) => {
              listener.onEvent(event);
              replacements.push(...replacementIn(event, outputs, config));
              const step = event.resourcePreEvent?.metadata;
              if (step?.op === "update") changedStages.add(resourceName(step.urn));
            },
          }),
      ),
  );
  // What an interrupted command has removed holds nothing any more.
  const losses = replacements
    .filter(({ name }) => !unfinished.has(`${context.stack}-${name}`))
    .toSorted((one, other) => one.name.localeCompare(other.name));
  if (losses.length > 0 && !options.mayReplace) throw wouldReplace(context, losses);
  // That of a host which is replaced is another resource.
  const staying = outputs.hosts.filter(({ name }) => changedStages.has(`${name}-stage`));
  refuseGoingBack(context, outputs, staying, (host) => stageOfHost(config, host));
  return Object.entries(preview.changeSummary as Readonly<Record<string, number>>).some(
    ([operation, count]) => operation !== "same" && count > 0,
  );
}

function replacementIn(event: EngineEvent, outputs: LabOutputs, config: LabConfig): readonly Replacement[] {
  const step = event.resourcePreEvent?.metadata;
  const isLoss = step?.op === "replace" || step?.op === "delete";
  if (step === undefined || !isLoss || step.type !== containerType) return [];
  const name = resourceName(step.urn);
  const isDesk = name === outputs.desk?.name;
  if (!isDesk && !outputs.hosts.some((host) => host.name === name)) return [];
  if (step.op === "delete") return [{ name, reasons: [isDesk ? "desk" : "hosts"] }];
  const start = startOfHost(config, name);
  const before = startOfHost({ start: outputs.start ?? start, starts: outputs.starts ?? {} }, name);
  return [{ name, reasons: before === start ? (step.keys ?? []) : [`start ${before} → ${start}`] }];
}

function wouldReplace(context: LabContext, replacements: readonly Replacement[]): LabError {
  const names = replacements.map(({ name }) => name).join(", ");
  return new LabError(
    "LAB_WOULD_REPLACE",
    {
      en: `This would replace or remove ${names}: accounts, mail, queue and every file in there would be lost.`,
      ja: `${names}が作り直されるか削除され、アカウント・メール・キュー・すべてのファイルが失われます。`,
    },
    {
      details: replacements.map(
        ({ name, reasons }) => `${name}: ${reasons.join(", ") || "a resource it stands on"}`,
      ),
      hint: {
        en: `./lab up --replace --stack ${context.stack} does it all the same; nothing was changed`,
        ja: `それでもよければ ./lab up --replace --stack ${context.stack}（まだ何も変えていません）`,
      },
    },
  );
}
