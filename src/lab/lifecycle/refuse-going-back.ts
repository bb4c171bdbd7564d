import { compareStages } from "../../course/stage.ts";
import { LabError, exitCode } from "../../model/lab-error.ts";
import type { LabContext } from "../lab-context.ts";
import type { LabHost, LabOutputs } from "../stack/lab-outputs.ts";

/** The stage that a built lab's host stands at. */
export function appliedStage(outputs: Pick<LabOutputs, "stage" | "stages">, host: string): string {
  return outputs.stages?.[host] ?? outputs.stage;
}

/**
 * Refuses a stage that lies before what was applied to one of the hosts.
 *
 * @param stageOf - gives the stage that a host is to come to.
 * @throws LabError `LAB_STAGE_BACK` naming these hosts and what a reset would lose.
 */
export function refuseGoingBack(
  context: LabContext,
  outputs: LabOutputs,
  hosts: readonly LabHost[],
  stageOf: (host: string) => string,
): void {
  const ahead = hosts.filter(({ name }) => compareStages(stageOf(name), appliedStage(outputs, name)) < 0);
  const [first] = ahead;
  if (first === undefined) return;
  const stage = stageOf(first.name);
  const standing = ahead.map(({ name }) => `${name} (${appliedStage(outputs, name)})`);
  const names = ahead.map(({ name }) => name).join(" ");
  const again = `./lab reset ${names} --stage ${stage} --stack ${context.stack}`;
  throw new LabError(
    "LAB_STAGE_BACK",
    {
      en: `The stage ${stage} lies before what was applied to ${standing.join(", ")}: only a reset goes back, and it would lose the accounts, the mail, the queue and every file.`,
      ja: `${stage}は、適用済みの段階より前です（${standing.join("、")}）。戻すにはリセット（reset）が必要で、アカウント・メール・キュー・すべてのファイルが失われます。`,
    },
    {
      details: ahead.map(
        ({ name, users, domain }) => `${name}: ${users.map((user) => `${user}@${domain}`).join(", ")}`,
      ),
      hint: {
        en: `these hosts anew, and what is in them lost: ${again}; nothing was changed`,
        ja: `これらのホストを作り直すなら（中身は失われます）: ${again}（まだ何も変えていません）`,
      },
      exit: exitCode.usage,
    },
  );
}
