import type { LabContext } from "./lab-context.ts";
import { pulumiEnvironment } from "./pulumi-environment.ts";
import { findOrCreateStack } from "./pulumi-stack.ts";

/** What a shell needs so that a plain `pulumi` works on this stack; the stack is made where there is none. */
export async function shellEnvironment(context: LabContext): Promise<Readonly<Record<string, string>>> {
  await findOrCreateStack(context);
  return pulumiEnvironment(context);
}
