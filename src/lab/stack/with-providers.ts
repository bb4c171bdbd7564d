import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { join } from "node:path";
import type { LabContext } from "../lab-context.ts";

/** Where the engine starts a provider. */
const programFolder = "infra";

/**
 * Works on a stack with the stand-ins for Pulumi's providers served by this process: the engine would start a Node.js
 * for each. Official ones the engine starts itself.
 */
export async function withProviders<Result>(
  { toolchain, paths }: LabContext,
  { workspace }: Stack,
  work: () => Promise<Result>,
): Promise<Result> {
  if (toolchain.plugins === "official") return work();
  const { attachProviders } = await loadProviders();
  const environment = { ...workspace.envVars };
  const providers = await attachProviders(toolchain.pulumiHome, {
    environment: { ...process.env, ...environment },
    folder: join(paths.root, programFolder),
  });
  workspace.envVars = { ...environment, ...providers.environment };
  try {
    return await work();
  } finally {
    workspace.envVars = environment;
    await providers.close();
  }
}

/** Loads the stand-ins ahead, while something else is waited for. */
export async function loadProviders() {
  return await import("../../../toolchain/offline/attached-providers.ts");
}
