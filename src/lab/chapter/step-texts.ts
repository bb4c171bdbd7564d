import { foundation } from "../../checks/catalogue.ts";
import { foundationTitle } from "../../checks/judge-lab.ts";
import { steps } from "../../course/steps.ts";
import type { Text } from "../../model/text.ts";
import type { LabPaths } from "../lab-paths.ts";
import { showStep } from "./show.ts";

/** A step for its reader. */
export interface StepText {
  /** `foundation`, `6.05`. */
  readonly id: string;
  readonly title: Text;
  /** Hosts where it is done; empty for the foundation, and where it is done at a client. */
  readonly hosts: readonly string[];
  /** What to do; lines are parted by LF. Absent for the foundation. */
  readonly task?: Text;
  readonly hint?: Text;
}

/**
 * The chapter's steps with what is to be done, the foundation first. The lab need not be there.
 *
 * @throws LabError `LAB_CONFIG`
 */
export async function readStepTexts(paths: LabPaths): Promise<readonly StepText[]> {
  const shown = await Promise.all(
    steps.map(({ id }) => showStep(paths, { step: id, host: undefined, withSolution: false })),
  );
  return [
    { id: foundation, title: foundationTitle, hosts: [] },
    ...shown.map(({ id, title, hosts, task, hint }) => ({ id, title, hosts, task, hint })),
  ];
}
