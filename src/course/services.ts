import type { StepContext } from "./step.ts";
import { steps } from "./steps.ts";

/** The services that the chapter starts on a host, each once. */
export function servicesOfSteps(context: StepContext): readonly string[] {
  const actions = steps.flatMap((step) => step.actions(context));
  return [...new Set(actions.flatMap((action) => (action.kind === "service" ? [action.service] : [])))];
}
