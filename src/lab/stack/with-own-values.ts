import { LabError, exitCode } from "../../model/lab-error.ts";
import type { LabContext } from "../lab-context.ts";
import { readCommittedValues, readOwnValues, setOwnValues } from "./stack-config.ts";

/**
 * Works with values set in the stack's configuration; where the work is refused, what was set before is set again.
 *
 * @param isUndone - whether what failed has changed nothing; a refusal never has.
 */
export async function withOwnValues<Result>(
  context: LabContext,
  values: Readonly<Record<string, unknown>>,
  work: () => Promise<Result>,
  isUndone: () => boolean = () => false,
): Promise<Result> {
  const own = await readOwnValues(context.paths);
  const before = Object.fromEntries(Object.keys(values).map((key) => [key, own[key]]));
  await setOwnValues(context.paths, values);
  try {
    return await work();
  } catch (error) {
    if (isRefusal(error) || isUndone()) await setOwnValues(context.paths, before);
    throw error;
  }
}

/** Whether nothing was done yet: whatever fails later may have applied a part, and goes on from there. */
function isRefusal(error: unknown): boolean {
  return error instanceof LabError && (error.code === "LAB_WOULD_REPLACE" || error.exit === exitCode.usage);
}

/**
 * Refuses to set what the project's own file sets: that is taken over at every `up`, and a value beside it would not
 * last.
 *
 * @throws LabError of that code, naming the file and the first of the keys that it sets.
 */
export async function refuseCommitted(
  context: LabContext,
  keys: readonly string[],
  code: "LAB_STAGE_COMMITTED" | "LAB_LISTEN_COMMITTED" | "LAB_DESK_COMMITTED",
): Promise<void> {
  const committed = await readCommittedValues(context.paths, context.stack);
  const key = keys.find((name) => name in committed);
  if (key === undefined) return;
  const file = `Pulumi.${context.stack}.yaml`;
  throw new LabError(
    code,
    { en: `${file} sets ${key} for this lab.`, ja: `このラボの${key}は${file}で決められています。` },
    {
      hint: {
        en: `change it there and run ./lab up --stack ${context.stack}, or take the line out`,
        ja: `そこで書き換えて ./lab up --stack ${context.stack} を実行するか、その行を外してください`,
      },
      exit: exitCode.usage,
    },
  );
}
