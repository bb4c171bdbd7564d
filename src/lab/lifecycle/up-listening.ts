import { engineOf, type BuildContext } from "../lab-context.ts";
import type { LabPaths } from "../lab-paths.ts";
import { requireOwnAddress } from "../machine/own-addresses.ts";
import { findOrCreateStack } from "../stack/pulumi-stack.ts";
import { readUnsettledConfig } from "../stack/stack-config.ts";
import type { UpResult } from "./up.ts";
import { refuseCommitted, withOwnValues } from "../stack/with-own-values.ts";

/**
 * Makes sure that ssh can be published on an address, as far as it needs no look at the machine and none at the lab.
 *
 * @throws LabError `LAB_CONFIG`.
 */
export async function requireListen(listen: string, paths: LabPaths): Promise<void> {
  await readUnsettledConfig(paths, { listen });
}

/**
 * Builds a lab, or brings one that exists to what its configuration says, with its ssh published on this address of
 * the machine besides the loopback. On a lab that exists another address means other hosts.
 *
 * @param listen - the configuration's `listen`.
 * @param bringUp - the `up` that is wanted.
 * @throws LabError `LAB_LISTEN_ADDRESS`, `LAB_LISTEN_COMMITTED`, `LAB_WOULD_REPLACE`; then nothing was changed.
 */
export async function upListening(
  context: BuildContext,
  listen: string,
  bringUp: () => Promise<UpResult>,
): Promise<UpResult> {
  await refuseCommitted(context, ["listen"], "LAB_LISTEN_COMMITTED");
  requireOwnAddress(listen, engineOf(context));
  await findOrCreateStack(context);
  return await withOwnValues(context, { listen }, bringUp);
}
