import { sameText } from "../model/text.ts";
import { LabError, exitCode } from "../model/lab-error.ts";
import type { Step } from "./step.ts";
import { steps } from "./steps.ts";

/**
 * The steps that a stage applies: none at `exercise`, all at `finished`, else those up to and with the named one.
 *
 * @throws LabError `LAB_STAGE` where there is no such stage.
 */
export function stepsOfStage(stage: string): readonly Step[] {
  if (stage === "exercise") return [];
  if (stage === "finished") return steps;
  const index = steps.findIndex((step) => step.id === stage);
  if (index >= 0) return steps.slice(0, index + 1);
  throw new LabError(
    "LAB_STAGE",
    { en: `stage: there is no stage “${stage}”.`, ja: `stage: 「${stage}」という段階はありません。` },
    {
      hint: sameText(["exercise", "finished", ...steps.map((step) => step.id)].join(" ")),
      exit: exitCode.usage,
    },
  );
}
