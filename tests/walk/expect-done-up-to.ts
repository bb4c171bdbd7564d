import { expect } from "vitest";
import { stepOf, type CheckId, type CheckResult } from "../../src/checks/check.ts";
import { stageNames } from "../../src/course/stage.ts";
import { steps } from "../../src/course/steps.ts";
import { earlyChecks } from "./early-checks.ts";
import type { WalkedLab } from "./walked-lab.ts";

/**
 * Asks every check on both hosts: those of the foundation, which has no place in the chapter, and of the steps up to
 * this one pass, and no later step does.
 */
export async function expectChapterDoneUpTo(lab: WalkedLab, stage: string): Promise<void> {
  const { results, steps: bySteps } = await lab.check();
  const isDone = (step: string) => stageNames.indexOf(step) <= stageNames.indexOf(stage);
  const dueStatus = (id: CheckId) => {
    const early = earlyChecks[id];
    return isDone(stepOf(id)) || (early !== undefined && isDone(early)) ? "passed" : "not-yet";
  };
  // why a check has not passed is shown where it should have
  const reason = ({ status, observed }: CheckResult) => (status === "passed" ? "" : ` ${observed?.en ?? ""}`);
  const expected = results.map((result) => {
    const due = dueStatus(result.id);
    return `${result.host} ${result.id} ${due}${due === result.status ? reason(result) : ""}`;
  });
  expect(results.map((result) => `${result.host} ${result.id} ${result.status}${reason(result)}`)).toEqual(
    expected,
  );
  expect(bySteps.map(({ host, step, status }) => `${host} ${step} ${status}`)).toEqual(
    lab.outputs.hosts.flatMap(({ name }) =>
      ["foundation", ...steps.map(({ id }) => id)].map(
        (step) => `${name} ${step} ${isDone(step) ? "passed" : "not-yet"}`,
      ),
    ),
  );
}
