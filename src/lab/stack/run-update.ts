import type { EngineEvent, Stack } from "@pulumi/pulumi/automation/index.js";
import { inStep } from "../../../toolchain/progress.ts";
import type { Text } from "../../model/text.ts";
import type { LabContext } from "../lab-context.ts";
import type { LabOutputs, ShownOutputs } from "./lab-outputs.ts";
import { runEngine } from "./run-engine.ts";
import { runProgram } from "./run-program.ts";
import type { ResetTargets } from "../reset/reset-targets.ts";

/** An update of a stack: its words, and what of the stack it is limited to. */
export interface Update {
  readonly id: string;
  readonly title: Text;
  /** The sentence for a failure. */
  readonly failed: Text;
  /** Where it is for a part of the stack. */
  readonly targets?: ResetTargets;
  /** Sees each event of the engine. */
  readonly watch: (event: EngineEvent) => void;
}

/** What the program exported; reading the state for it would start the engine anew. */
export interface Updated {
  /** As the engine shows it. */
  readonly outputs: ShownOutputs;
  /** The same with the secrets. */
  readonly withSecrets: LabOutputs;
}

/** Runs the program and has it change what differs. */
export async function runUpdate(context: LabContext, stack: Stack, update: Update): Promise<Updated> {
  const { id, title, failed, watch, targets } = update;
  let outputs: ShownOutputs | undefined;
  let withSecrets: LabOutputs | undefined;
  const tell = (told: LabOutputs): void => {
    withSecrets = told;
  };
  await inStep(context.report, { id, title }, (voice) =>
    runEngine(context, stack, failed, voice, (listener) =>
      stack.up({
        onEvent: (event) => {
          listener.onEvent(event);
          watch(event);
          outputs = outputsIn(event) ?? outputs;
        },
        signal: context.engineSignal,
        suppressOutputs: true,
        program: () => runProgram(tell),
        color: "never",
        ...(targets && { replace: [...targets.replace], target: [...targets.target] }),
      }),
    ),
  );
  if (outputs === undefined || withSecrets === undefined)
    throw new Error("the update ended well and exported nothing");
  return { outputs, withSecrets };
}

/** What the program exported, in the event that closes it. */
function outputsIn({ resOutputsEvent }: EngineEvent): ShownOutputs | undefined {
  const { type, new: state } = resOutputsEvent?.metadata ?? {};
  if (type !== "pulumi:pulumi:Stack" || state?.outputs["hosts"] === undefined) return undefined;
  return state.outputs as unknown as ShownOutputs;
}

/** Compares the state with what the engine has; what is gone there goes from the state too. */
export async function refreshState(context: LabContext, stack: Stack): Promise<void> {
  await inStep(
    context.report,
    { id: "lab-refresh", title: { en: "Compare the state with the engine", ja: "状態とエンジンの照合" } },
    (voice) =>
      runEngine(
        context,
        stack,
        { en: "The lab's state could not be refreshed.", ja: "ラボの状態を更新できませんでした。" },
        voice,
        (listener) =>
          stack.refresh({ onEvent: listener.onEvent, signal: context.engineSignal, color: "never" }),
      ),
  );
}
