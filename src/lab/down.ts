import { inStep } from "../../toolchain/progress.ts";
import { rm } from "node:fs/promises";
import { listLeftovers } from "../engine/lab-objects.ts";
import { LabError } from "../model/lab-error.ts";
import { chosenValuesFile } from "./chosen-values.ts";
import { engineOf, type LabContext } from "./lab-context.ts";
import { readLabState } from "./lab-state.ts";
import { findStack, runEngine } from "./pulumi-stack.ts";
import { removeOrphans } from "./refuse-foreign.ts";
import { requireSameEngine } from "./require-same-engine.ts";
import { readOwnValues } from "./stack-config.ts";
import { clearDeadLocks } from "./stack-lock.ts";

/** How `down` is to behave. */
export interface DownOptions {
  /** The stack itself goes too, with its configuration and its ports. */
  readonly forget: boolean;
}

/**
 * Takes the lab down: containers and network go, the product's images stay.
 *
 * @returns whether there was anything to take down.
 * @throws LabError `LAB_LEFTOVERS` naming what the engine still holds.
 */
export async function down(context: LabContext, options: DownOptions): Promise<boolean> {
  await clearDeadLocks(context);
  const stack = await findStack(context);
  if (stack === undefined) return false;
  const state = await readLabState(stack);
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
    await requireNothingLeft(context, state.owner);
  }
  if (options.forget) {
    // Of a build that was killed at its very start the state knows itself alone, which Pulumi takes for something left.
    await stack.workspace.removeStack(context.stack, { preserveConfig: true, force: !hadResources });
    await rm(context.paths.stackConfig, { force: true });
    await rm(chosenValuesFile(context.paths), { force: true });
  }
  return hadResources;
}

async function requireNothingLeft(context: LabContext, owner: string | undefined): Promise<void> {
  const leftovers = owner === undefined ? [] : await listLeftovers(engineOf(context), owner);
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
