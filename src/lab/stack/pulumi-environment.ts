import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { link, mkdir, rm, writeFile } from "node:fs/promises";
import { hasErrorCode } from "../../../toolchain/exclusive-lock.ts";
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
    if (!existsSync(paths.passphrase)) await makePassphrase(paths.passphrase);
    environment["PULUMI_CONFIG_PASSPHRASE_FILE"] = paths.passphrase;
  }
  return environment;
}

/** Makes the file whole or not at all; where another command was first, its passphrase is the one. */
async function makePassphrase(file: string): Promise<void> {
  const unfinished = `${file}.part-${randomBytes(6).toString("hex")}`;
  try {
    await writeFile(unfinished, randomBytes(passphraseBytes).toString("base64url"), { mode: 0o600 });
    await link(unfinished, file);
  } catch (error) {
    if (!hasErrorCode(error, "EEXIST")) throw error;
  } finally {
    await rm(unfinished, { force: true });
  }
}
