import { renewedStarts, stageOfHost, startOfStage } from "../../course/stage.ts";
import type { LabConfig } from "../../model/lab-config.ts";
import type { Language } from "../../model/text.ts";
import { deskName } from "../../model/topology.ts";
import type { BuildContext } from "../lab-context.ts";
import { readLabState } from "../stack/lab-state.ts";
import { findOrCreateStack } from "../stack/pulumi-stack.ts";
import { readCommittedValues, readLabConfig, readOwnValues } from "../stack/stack-config.ts";
import type { UpResult } from "./up.ts";
import { refuseCommitted, withOwnValues } from "../stack/with-own-values.ts";

/** How the desk is wanted. */
export interface DeskWish {
  /** The language that was asked for; without one, a desk that is there keeps its own. */
  readonly language: Language | undefined;
  /** The language of a desk that is new, where none was asked for. */
  readonly spoken: Language;
}

/**
 * Builds a lab with a desk, or puts one into a lab that exists, which is left as it is otherwise. In one that stands
 * at the chapter's end, however it got there, the desk has the account set up.
 *
 * @param bringUp - the `up` that is wanted.
 * @throws LabError `LAB_DESK_COMMITTED`, and `LAB_WOULD_REPLACE` for a desk of another language; then nothing was
 *   changed.
 */
export async function upWithDesk(
  context: BuildContext,
  { language, spoken }: DeskWish,
  bringUp: () => Promise<UpResult>,
): Promise<UpResult> {
  const { paths } = context;
  const committed = await readCommittedValues(paths, context.stack);
  const standing = committed["desk"] ?? (await readOwnValues(paths))["desk"];
  const isThere = typeof standing === "string" && standing !== "";
  if (isThere && (language ?? standing) === standing) return await bringUp();
  await refuseCommitted(context, ["desk"], "LAB_DESK_COMMITTED");
  const { stack, isNew } = await findOrCreateStack(context);
  const outputs = isNew ? undefined : (await readLabState(stack)).outputs;
  const isAdded = outputs !== undefined && outputs.desk === undefined && !("starts" in committed);
  const starts = isAdded ? { starts: startsWithDesk(await readLabConfig(paths)) } : {};
  return await withOwnValues(context, { desk: language ?? spoken, ...starts }, bringUp);
}

/**
 * The configuration's `starts` with the desk's, for one that comes into a lab which has gone forward already: it is
 * created as the chapter's end has it where the first host stands there.
 *
 * @returns `undefined` where no node is created otherwise than the lab's `start` says.
 */
export function startsWithDesk(
  config: Pick<LabConfig, "start" | "starts" | "stage" | "stages" | "hosts">,
): LabConfig["starts"] | undefined {
  const [first] = config.hosts;
  const stage = first === undefined ? config.stage : stageOfHost(config, first.name);
  const starts = renewedStarts(config, [deskName], startOfStage(stage));
  return Object.keys(starts).length === 0 ? undefined : starts;
}
