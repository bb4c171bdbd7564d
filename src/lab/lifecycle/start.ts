import { LabError, exitCode } from "../../model/lab-error.ts";
import type { LabContext } from "../lab-context.ts";
import { requireBuilt } from "../stack/lab-outputs.ts";
import { requireSameEngine } from "../reach/require-same-engine.ts";
import { clearDeadLocks } from "../stack/stack-lock.ts";
import { readLabConfig } from "../stack/stack-config.ts";
import { startStopped } from "./start-stopped.ts";

/**
 * Starts a lab that was stopped: the same containers, with all that is in them.
 *
 * @returns the names of the containers that were started.
 * @throws LabError `LAB_NOT_WHOLE` where a part is gone.
 */
export async function start(context: LabContext): Promise<readonly string[]> {
  await clearDeadLocks(context);
  const state = await requireBuilt(context);
  requireSameEngine(context, (await readLabConfig(context.paths)).engine);
  const { started, isWhole } = await startStopped(context, state);
  if (isWhole) return started;
  throw new LabError(
    "LAB_NOT_WHOLE",
    {
      en: `Parts of the lab ${context.stack} are gone from the engine.`,
      ja: `ラボ${context.stack}の一部がエンジンから消えています。`,
    },
    {
      hint: { en: `./lab up --stack ${context.stack}`, ja: `./lab up --stack ${context.stack}` },
      exit: exitCode.failed,
    },
  );
}
