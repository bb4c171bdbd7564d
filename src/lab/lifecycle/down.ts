import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { inStep } from "../../../toolchain/progress.ts";
import { rm } from "node:fs/promises";
import { listLeftovers } from "../../engine/lab-objects.ts";
import { LabError } from "../../model/lab-error.ts";
import { chosenValuesFile } from "../machine/chosen-values.ts";
import { engineOf, type LabContext } from "../lab-context.ts";
import { readLabState, type LabState } from "../stack/lab-state.ts";
import { autoconfigFolder } from "../access/local-mail-program.ts";
import { findStack, removeStack } from "../stack/pulumi-stack.ts";
import { runEngine } from "../stack/run-engine.ts";
import { listNamesakes } from "./namesakes.ts";
import { removeOrphans } from "./remove-orphans.ts";
import { forgetRestored } from "../saves/restored-values.ts";
import { requireSameEngine } from "../reach/require-same-engine.ts";
import { readOwnValues } from "../stack/stack-config.ts";
import { clearDeadLocks } from "../stack/stack-lock.ts";

/** How `down` is to behave. */
export interface DownOptions {
  /** The stack itself goes too, with its configuration and its ports. */
  readonly forget: boolean;
}

/** What `down` came to. */
export interface DownResult {
  /** Whether there was anything to take down. */
  readonly wasUp: boolean;
  /** What another checkout's lab of this name has on the engine: it stays as it is. */
  readonly leftAlone: readonly string[];
}

/**
 * Takes the lab down: containers and network go, the product's images stay.
 *
 * @throws LabError `LAB_LEFTOVERS` naming what the engine still holds.
 */
export async function down(context: LabContext, options: DownOptions): Promise<DownResult> {
  await clearDeadLocks(context);
  const stack = await findStack(context);
  const state = stack && (await readLabState(stack));
  const leftAlone = await listNamesakes(engineOf(context), context.stack, state?.owner);
  if (stack === undefined || state === undefined) return { wasUp: false, leftAlone };
  return { wasUp: await takeDown(context, stack, state, options), leftAlone };
}

async function takeDown(
  context: LabContext,
  stack: Stack,
  state: LabState,
  options: DownOptions,
): Promise<boolean> {
  const hadResources = state.owner !== undefined || state.dockerIds.size > 0;
  if (hadResources) {
    // Only this one key is asked for: a lab can be taken down whatever else is wrong with its configuration.
    const { engine = "" } = await readOwnValues(context.paths);
    requireSameEngine(context, String(engine));
    await inStep(
      context.report,
      { id: "lab-down", title: { en: `Take ${context.stack} down`, ja: `${context.stack}の撤去` } },
      async (voice) => {
        await removeOrphans(context, state);
        await runEngine(
          context,
          stack,
          {
            en: `The lab ${context.stack} could not be taken down.`,
            ja: `ラボ${context.stack}を撤去できませんでした。`,
          },
          voice,
          (listener) =>
            stack.destroy({ onEvent: listener.onEvent, signal: context.engineSignal, color: "never" }),
        );
      },
    );
    if (state.owner !== undefined) await requireNothingLeft(context, state.owner);
    // What was restored goes with the lab: the next one is made as the chapter has it.
    await forgetRestored(context.paths);
  }
  if (options.forget) {
    // Of a build that was killed at its very start the state knows itself alone, which Pulumi takes for something left.
    await forgetLab(context, { force: !hadResources });
  }
  return hadResources;
}

/** Removes the stack itself, with its configuration and what the machine chose for it. */
export async function forgetLab(context: LabContext, { force }: { readonly force: boolean }): Promise<void> {
  await removeStack(context, { force });
  await rm(context.paths.stackConfig, { force: true });
  await rm(chosenValuesFile(context.paths), { force: true });
  await rm(autoconfigFolder(context.paths, context.stack), { recursive: true, force: true });
}

/**
 * Makes sure that the engine holds nothing of an owner any more.
 *
 * @throws LabError `LAB_LEFTOVERS` naming what it holds.
 */
export async function requireNothingLeft(context: LabContext, owner: string): Promise<void> {
  const leftovers = await listLeftovers(engineOf(context), owner);
  if (leftovers.length === 0) return;
  throw new LabError(
    "LAB_LEFTOVERS",
    { en: "The engine still holds parts of the lab.", ja: "ラボの一部がエンジンに残っています。" },
    {
      details: leftovers,
      hint: { en: `./lab down --stack ${context.stack}`, ja: `./lab down --stack ${context.stack}` },
    },
  );
}
