import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { placeOnce } from "../../../toolchain/placed-atomically.ts";
import type { LabContext } from "../lab-context.ts";

const passphraseBytes = 24;

/**
 * The environment in which a plain `pulumi` finds this clone's engine, plugins, state and the stack's
 * configuration. A backend or passphrase that the user has set stays.
 */
export async function pulumiEnvironment(context: LabContext): Promise<Readonly<Record<string, string>>> {
  const { paths, toolchain, stack } = context;
  const environment: Record<string, string> = {
    ...toolchain.environment,
    PULUMI_STACK: stack,
    PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS: "true",
  };
  if (process.env["PULUMI_BACKEND_URL"] === undefined) {
    await mkdir(paths.state, { recursive: true });
    environment["PULUMI_BACKEND_URL"] = `file://${paths.state}`;
  }
  const userHasPassphrase = ["PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE"].some(
    (name) => process.env[name] !== undefined,
  );
  if (!userHasPassphrase) {
    if (!existsSync(paths.passphrase))
      await placeOnce(paths.passphrase, randomBytes(passphraseBytes).toString("base64url"));
    environment["PULUMI_CONFIG_PASSPHRASE_FILE"] = paths.passphrase;
  }
  return environment;
}
