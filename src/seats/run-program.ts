/**
 * The Pulumi program, run by this process: the engine starts none for it, which would load Pulumi's SDK anew.
 *
 * @returns what the program exports.
 */
export async function runProgram(): Promise<Readonly<Record<string, unknown>>> {
  const { labProgram } = await loadProgram();
  return { ...labProgram() };
}

/** Loads the program ahead, while something else is waited for. */
export async function loadProgram() {
  return await import("../../infra/program.ts");
}
