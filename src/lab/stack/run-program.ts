import type { LabOutputs } from "./lab-outputs.ts";
import { quietSdk } from "./quiet-sdk.ts";

/**
 * The Pulumi program, run by this process: the engine starts none for it, which would load Pulumi's SDK anew.
 *
 * @param tell - told all that is exported, the secrets too, once the engine has made what it stands on.
 */
export async function runProgram(tell: (outputs: LabOutputs) => void): Promise<Record<string, unknown>> {
  const { tellOutputs, labProgram } = await loadProgram();
  const outputs = labProgram();
  tellOutputs(outputs, ({ desk, deskPassword, ...always }) => {
    // In a state they are absent where the lab has no desk.
    tell({ ...always, ...(desk && { desk }), ...(deskPassword !== undefined && { deskPassword }) });
  });
  return { ...outputs };
}

/** Loads the program ahead, while something else is waited for. */
export async function loadProgram() {
  quietSdk();
  return await import("../../../infra/program.ts");
}
