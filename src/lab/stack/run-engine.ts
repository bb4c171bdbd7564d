import {
  CommandError,
  ConcurrentUpdateError,
  type EngineEvent,
  type Stack,
} from "@pulumi/pulumi/automation/index.js";
import type { StepVoice } from "../../../toolchain/progress.ts";
import { LabError, exitCode } from "../../model/lab-error.ts";
import type { Text } from "../../model/text.ts";
import { knownFailure, pulumiWords } from "./backend-errors.ts";
import type { LabContext } from "../lab-context.ts";
import { withProviders } from "./with-providers.ts";

/** What is worth a line: each change once, and components, which are only a frame around others, not at all. */
const shownOperations: ReadonlySet<string> = new Set(["create", "update", "create-replacement", "delete"]);

/** Collects what the engine says while it works: one line a resource for the progress, the errors for the end. */
export class EngineListener {
  readonly errors: string[] = [];
  readonly #voice: Pick<StepVoice, "line">;

  /** @param voice - takes the newest thing that happens. */
  constructor(voice: Pick<StepVoice, "line">) {
    this.#voice = voice;
  }

  /** To be given to the Automation API as `onEvent`. */
  readonly onEvent = (event: EngineEvent): void => {
    const step = event.resourcePreEvent?.metadata;
    if (step !== undefined && shownOperations.has(step.op) && !/^(mail-lab|pulumi):/.test(step.type)) {
      this.#voice.line(`${step.op} ${resourceName(step.urn)}`);
    }
    const diagnostic = event.diagnosticEvent;
    if (diagnostic === undefined) return;
    const words = diagnostic.message.replaceAll(/<\{%[^%]*%\}>/g, "").trim();
    if (words === "") return;
    const name = diagnostic.urn === undefined ? "" : `${resourceName(diagnostic.urn)}: `;
    if (diagnostic.severity === "error")
      this.errors.push(...words.split("\n").map((line) => `${name}${line}`));
    else if (diagnostic.severity.startsWith("info"))
      this.#voice.line(`${name}${words.split("\n").at(-1) ?? ""}`);
  };
}

/** A resource's own name out of its URN. */
export function resourceName(urn: string): string {
  return urn.split("::").at(-1) ?? urn;
}

/**
 * Runs an operation of the engine on a stack; where it fails, throws a LabError with the engine's own error lines.
 *
 * @param failed - the sentence for a failure.
 */
export async function runEngine<Result>(
  context: LabContext,
  stack: Stack,
  failed: Text,
  voice: Pick<StepVoice, "line">,
  operation: (listener: EngineListener) => Promise<Result>,
): Promise<Result> {
  const listener = new EngineListener(voice);
  try {
    return await withProviders(context, stack, () => operation(listener));
  } catch (cause) {
    if (context.signal.aborted) throw interrupted(context, cause);
    if (cause instanceof ConcurrentUpdateError) throw locked(context, cause);
    if (!(cause instanceof CommandError)) throw cause;
    const known = listener.errors.length === 0 ? knownFailure(context.stack, cause) : undefined;
    if (known !== undefined) throw known;
    const details = listener.errors.length > 0 ? listener.errors : pulumiWords(cause);
    throw new LabError("LAB_ENGINE_FAILED", failed, {
      details,
      hint: howToGoOn(context),
      cause,
    });
  }
}

function howToGoOn({ stack }: LabContext): Text {
  return {
    en: `./lab up --stack ${stack} goes on from here; ./lab down --stack ${stack} removes what is there`,
    ja: `./lab up --stack ${stack} で続きから、./lab down --stack ${stack} で撤去できます`,
  };
}

/** What an operation ends with that was stopped by Ctrl-C. */
export function interrupted(context: LabContext, cause: unknown): LabError {
  return new LabError(
    "LAB_INTERRUPTED",
    { en: "Interrupted; the state is saved.", ja: "中断しました。状態は保存されています。" },
    {
      hint: howToGoOn(context),
      cause,
    },
  );
}

function locked(context: LabContext, cause: unknown): LabError {
  return new LabError(
    "LAB_STACK_LOCKED",
    {
      en: `The stack ${context.stack} is locked: another command is working on it, or one was killed.`,
      ja: `スタック${context.stack}はロックされています。別のコマンドが実行中か、強制終了されました。`,
    },
    {
      hint: {
        en: `when none is working: eval "$(./lab env --stack ${context.stack})" && pulumi cancel --yes`,
        ja: `実行中のものがなければ: eval "$(./lab env --stack ${context.stack})" && pulumi cancel --yes`,
      },
      exit: exitCode.failed,
      cause,
    },
  );
}
