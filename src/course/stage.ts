import type { LabConfig } from "../model/lab-config.ts";
import { sameText } from "../model/text.ts";
import { LabError, exitCode } from "../model/lab-error.ts";
import type { Step } from "./step.ts";
import { steps } from "./steps.ts";

/** The lab's stage and the hosts' own ones, as the configuration has them. */
export type Stages = Pick<LabConfig, "stage" | "stages">;

/** What the lab's hosts are created as, and single ones of them, as the configuration has it. */
export type Starts = Pick<LabConfig, "start" | "starts">;

/** Every stage that a host can stand at, from the chapter's beginning to its end. */
export const stageNames: readonly string[] = ["exercise", ...steps.map(({ id }) => id), "finished"];

/**
 * The steps that a stage applies: none at `exercise`, all at `finished`, else those up to and with the named one.
 *
 * @throws LabError `LAB_STAGE` where there is no such stage.
 */
export function stepsOfStage(stage: string): readonly Step[] {
  return steps.slice(0, placeOf(stage));
}

/**
 * Compares two stages by the chapter's order.
 *
 * @returns less than 0 where the first comes before the second, 0 where they are the same.
 * @throws LabError `LAB_STAGE`.
 */
export function compareStages(stage: string, other: string): number {
  return placeOf(stage) - placeOf(other);
}

/** The stage of one host: its own where the configuration has one, else the lab's. */
export function stageOfHost({ stage, stages }: Stages, host: string): string {
  return stages[host] ?? stage;
}

/** What one host is created as: its own start where the configuration has one, else the lab's. */
export function startOfHost({ start, starts }: Starts, host: string): LabConfig["start"] {
  return starts[host] ?? start;
}

/** Every start that one of the hosts has, each once. */
export function startsInUse(config: Starts & Pick<LabConfig, "hosts">): readonly LabConfig["start"][] {
  return [...new Set(config.hosts.map(({ name }) => startOfHost(config, name)))];
}

/**
 * Makes sure that the lab's stage and each host's own one exist.
 *
 * @throws LabError `LAB_STAGE`.
 */
export function checkStages({ stage, stages }: Stages): void {
  for (const name of [stage, ...Object.values(stages)]) placeOf(name);
}

/**
 * The configuration's stages once some hosts have been brought to a stage: one for all where all stand at the same.
 *
 * @param hosts - every host of the lab.
 * @param raised - those that are brought to the stage.
 */
export function raisedStages(
  before: Stages,
  hosts: readonly string[],
  raised: readonly string[],
  stage: string,
): Stages {
  const after = hosts.map(
    (host) => [host, raised.includes(host) ? stage : stageOfHost(before, host)] as const,
  );
  const [first] = after;
  if (first !== undefined && after.every(([, own]) => own === first[1]))
    return { stage: first[1], stages: {} };
  return {
    stage: before.stage,
    stages: Object.fromEntries(after.filter(([, own]) => own !== before.stage)),
  };
}

/**
 * The single hosts' starts once some are to be created as a start. The lab's own `start` stays: the stack names its
 * images after it.
 *
 * @param renewed - those that are to be created so.
 */
export function renewedStarts(
  { start, starts }: Starts,
  renewed: readonly string[],
  to: LabConfig["start"],
): LabConfig["starts"] {
  const after = { ...starts, ...Object.fromEntries(renewed.map((host) => [host, to])) };
  return Object.fromEntries(Object.entries(after).filter(([, own]) => own !== start));
}

/**
 * What a container is created as for a stage: `finished` needs the packages installed, every other one begins where
 * the chapter does.
 */
export function startOfStage(stage: string): LabConfig["start"] {
  return stage === "finished" ? "finished" : "exercise";
}

function placeOf(stage: string): number {
  const place = stageNames.indexOf(stage);
  if (place >= 0) return place;
  throw new LabError(
    "LAB_STAGE",
    { en: `stage: there is no stage “${stage}”.`, ja: `stage: 「${stage}」という段階はありません。` },
    { hint: sameText(stageNames.join(" ")), exit: exitCode.usage },
  );
}
