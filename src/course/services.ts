import type { StepContext } from "./step.ts";
import { steps } from "./steps.ts";

/** The units that the chapter starts on a host, each once: `postfix.service`. */
export function unitsOfSteps(context: StepContext): readonly string[] {
  const actions = steps.flatMap((step) => step.actions(context));
  return [
    ...new Set(actions.flatMap((action) => (action.kind === "service" ? [`${action.service}.service`] : []))),
  ];
}
