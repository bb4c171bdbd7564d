import type { BuildContext } from "../lab-context.ts";
import { readLabState } from "../stack/lab-state.ts";
import { pulumiEnvironment } from "../stack/pulumi-environment.ts";
import { findOrCreateStack } from "../stack/pulumi-stack.ts";
import { settleMachineValues } from "../machine/settle-machine-values.ts";

/** What a shell needs so that a plain `pulumi` works on this stack; the stack is made where there is none. */
export async function shellEnvironment(context: BuildContext): Promise<Readonly<Record<string, string>>> {
  const { outputs, dockerIds } = await readLabState((await findOrCreateStack(context)).stack);
  // A plain `pulumi up` builds what `./lab up` would: with this machine's base image, ports and engine.
  if (outputs === undefined && dockerIds.size === 0) await settleMachineValues(context);
  return pulumiEnvironment(context);
}
