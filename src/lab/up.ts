import type { EngineEvent, Stack } from "@pulumi/pulumi/automation/index.js";
import { inStep } from "../../toolchain/progress.ts";
import { listContainers, startContainer } from "../engine/lab-objects.ts";
import type { LabConfig } from "../model/lab-config.ts";
import { labelNames } from "../model/labels.ts";
import { LabError } from "../model/lab-error.ts";
import { ensureImages } from "./ensure-images.ts";
import { engineOf, type BuildContext, type LabContext } from "./lab-context.ts";
import type { LabOutputs } from "./lab-outputs.ts";
import { readLabState, type LabState } from "./lab-state.ts";
import { findOrCreateStack, resourceName, runEngine } from "./pulumi-stack.ts";
import { refuseForeignContainers, removeOrphans } from "./refuse-foreign.ts";
import { requireSameEngine } from "./require-same-engine.ts";
import { settleMachineValues } from "./settle-machine-values.ts";
import { readLabConfig } from "./stack-config.ts";

/** How `up` is to behave. */
export interface UpOptions {
  /** Hosts that exist may be replaced, and what is in them lost. */
  readonly mayReplace: boolean;
}

/** What `up` came to. */
export interface UpResult {
  readonly outputs: LabOutputs;
  readonly isChanged: boolean;
}

/** A host that an update would replace or remove. */
interface Replacement {
  readonly name: string;
  readonly reasons: readonly string[];
}

/** Builds the lab, or brings one that exists to what its configuration says; does nothing where nothing has changed. */
export async function up(context: BuildContext, options: UpOptions): Promise<UpResult> {
  const stack = await findOrCreateStack(context);
  const state = await readLabState(stack);
  const before = state.outputs;
  const config = await prepareConfig(context, state);
  await ensureImages(context, config);
  const needsUpdate = before === undefined || (await existingNeedsUpdate(context, stack, before, options));
  if (!needsUpdate) return { outputs: before, isChanged: false };
  await inStep(
    context.report,
    { id: "lab-up", title: { en: `Lab ${context.stack}`, ja: `ラボ ${context.stack}` } },
    (voice) =>
      runEngine(
        context,
        {
          en: `The lab ${context.stack} could not be built.`,
          ja: `ラボ${context.stack}を構築できませんでした。`,
        },
        voice,
        (listener) =>
          stack.up({
            onEvent: listener.onEvent,
            signal: context.engineSignal,
            suppressOutputs: true,
            color: "never",
          }),
      ),
  );
  const { outputs } = await readLabState(stack);
  if (outputs === undefined) throw new Error("the update ended well and left no outputs");
  return { outputs, isChanged: true };
}

/** Settles the configuration of a lab that is to be built, and makes sure that its names are free or its own. */
async function prepareConfig(context: BuildContext, state: LabState): Promise<LabConfig> {
  if (state.outputs === undefined && state.dockerIds.size === 0) await settleMachineValues(context);
  const config = await readLabConfig(context.paths);
  requireSameEngine(context, config.engine);
  await refuseForeignContainers(context, config, state.owner);
  // A lab that was whole once may hold somebody's work: what its state does not know is left to `down`.
  if (state.outputs === undefined) await removeOrphans(context, state);
  return config;
}

/** Brings back what was stopped or removed behind the engine's back, then asks whether anything is left to do. */
async function existingNeedsUpdate(
  context: LabContext,
  stack: Stack,
  outputs: LabOutputs,
  options: UpOptions,
): Promise<boolean> {
  const isWhole = await startStopped(context, outputs);
  if (!isWhole) {
    await inStep(
      context.report,
      { id: "lab-refresh", title: { en: "Compare the state with the engine", ja: "状態とエンジンの照合" } },
      (voice) =>
        runEngine(
          context,
          { en: "The lab's state could not be refreshed.", ja: "ラボの状態を更新できませんでした。" },
          voice,
          (listener) =>
            stack.refresh({ onEvent: listener.onEvent, signal: context.engineSignal, color: "never" }),
        ),
    );
  }
  const replacements: Replacement[] = [];
  const preview = await inStep(
    context.report,
    { id: "lab-preview", title: { en: "Compare", ja: "差分の確認" } },
    () =>
      runEngine(
        context,
        { en: "The lab's changes could not be worked out.", ja: "ラボの変更点を調べられませんでした。" },
        { line: () => undefined },
        (listener) =>
          stack.preview({
            signal: context.engineSignal,
            color: "never",
            onEvent: (event) => {
              listener.onEvent(event);
              replacements.push(...replacementIn(event, outputs));
            },
          }),
      ),
  );
  if (replacements.length > 0 && !options.mayReplace) throw wouldReplace(context, replacements);
  return Object.entries(preview.changeSummary as Readonly<Record<string, number>>).some(
    ([operation, count]) => operation !== "same" && count > 0,
  );
}

/** Starts the lab's stopped containers; `false` where one is missing altogether. */
async function startStopped(context: LabContext, outputs: LabOutputs): Promise<boolean> {
  const engine = engineOf(context);
  const containers = (await listContainers(engine)).filter(
    (container) => container.labels[labelNames.owner] === outputs.owner,
  );
  const stopped = containers.filter((container) => container.state !== "running");
  if (stopped.length > 0) {
    await inStep(
      context.report,
      { id: "lab-start", title: { en: "Start what was stopped", ja: "止まっていたコンテナの起動" } },
      async (voice) => {
        voice.line(stopped.map((container) => container.name).join(" "));
        await Promise.all(stopped.map((container) => startContainer(engine, container.id)));
      },
    );
  }
  const nodes = new Set(containers.map((container) => container.labels[labelNames.node]));
  return ["dns", ...outputs.hosts.map((host) => host.name)].every((node) => nodes.has(node));
}

function replacementIn(event: EngineEvent, outputs: LabOutputs): readonly Replacement[] {
  const step = event.resourcePreEvent?.metadata;
  const isLoss = step?.op === "replace" || step?.op === "delete";
  if (step === undefined || !isLoss || step.type !== "docker:index/container:Container") return [];
  const name = resourceName(step.urn);
  if (!outputs.hosts.some((host) => host.name === name)) return [];
  return [{ name, reasons: step.op === "delete" ? ["hosts"] : (step.keys ?? []) }];
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
