import type { Step } from "../../course/step.ts";
import { steps } from "../../course/steps.ts";
import { LabError, exitCode } from "../../model/lab-error.ts";
import { sameText } from "../../model/text.ts";
import type { Topology } from "../../model/topology.ts";

/**
 * The step of that id.
 *
 * @throws LabError `LAB_NO_STEP` naming the steps that there are.
 */
export function stepNamed(id: string): Step {
  const step = steps.find((candidate) => candidate.id === id);
  if (step !== undefined) return step;
  throw new LabError(
    "LAB_NO_STEP",
    { en: `The chapter has no step “${id}”.`, ja: `「${id}」というステップはありません。` },
    {
      details: [steps.map((candidate) => candidate.id).join(" ")],
      hint: sameText("./lab show"),
      exit: exitCode.usage,
    },
  );
}

/**
 * The names of the hosts that are meant: all of them unless one is named.
 *
 * @throws LabError `LAB_NO_HOST` naming the hosts that there are.
 */
export function hostsMeant(topology: Topology, host: string | undefined): readonly string[] {
  const names = topology.hosts.map(({ name }) => name);
  if (host === undefined) return names;
  if (names.includes(host)) return [host];
  throw new LabError(
    "LAB_NO_HOST",
    {
      en: `There is no host “${host}”; the lab has ${names.join(", ")}.`,
      ja: `ホスト「${host}」はありません。あるのは${names.join(", ")}です。`,
    },
    {
      hint: { en: "./lab status lists the hosts", ja: "./lab status でホストの一覧が見られます" },
      exit: exitCode.usage,
    },
  );
}
