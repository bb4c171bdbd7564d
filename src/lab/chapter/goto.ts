import { administrator } from "../../model/lab-secrets.ts";
import { onHost } from "../access/connect.ts";
import type { BuildContext } from "../lab-context.ts";
import { requireBuilt } from "../stack/lab-outputs.ts";
import { appliedStage, refuseGoingBack } from "../lifecycle/refuse-going-back.ts";
import { hostsOf, upToStage, type StageTarget } from "../lifecycle/up-to-stage.ts";

/** A host that was brought forward. */
export interface HostMove {
  readonly name: string;
  readonly from: string;
  readonly to: string;
}

/**
 * Brings hosts forward in the chapter: the steps up to the stage are applied by the engine, whatever a student has
 * done of them by hand. Accounts, mail and containers stay.
 *
 * @returns the hosts that did not stand there already.
 * @throws LabError `LAB_STAGE_BACK`, `LAB_NO_HOST`, `LAB_NOT_UP`, `LAB_SSH_NO_ANSWER`, and what `up` throws.
 */
export async function goTo(context: BuildContext, target: StageTarget): Promise<readonly HostMove[]> {
  const { outputs } = await requireBuilt(context);
  const hosts = hostsOf(outputs, target);
  refuseGoingBack(context, outputs, hosts, () => target.stage);
  const behind = hosts.filter(({ name }) => appliedStage(outputs, name) !== target.stage);
  if (behind.length === 0) return [];
  // A step would try for minutes to log in on a host that lets nobody in.
  const login = { user: administrator, signal: context.signal };
  await Promise.all(behind.map((host) => onHost(outputs, host, login, (connection) => connection.run(":"))));
  await upToStage(context, target, { mayReplace: false });
  return behind.map(({ name }) => ({ name, from: appliedStage(outputs, name), to: target.stage }));
}
