import { isElsewhere } from "../../../toolchain/docker/engine-route.ts";
import { portsOfStoppedLabs } from "../../engine/lab-objects.ts";
import type { Addressing, LabConfig } from "../../model/lab-config.ts";
import type { PublishedPorts } from "../../model/topology.ts";
import { writeChosenValues } from "./chosen-values.ts";
import { configuredEngine, engineOf, type BuildContext, type LabContext } from "../lab-context.ts";
import { engineValues, refuseUnfitSystemd } from "./engine-values.ts";
import { refuseTakenPorts } from "./free-ports.ts";
import { portsOfLabsElsewhere } from "./ports-elsewhere.ts";
import { chooseAddressing, choosePorts } from "./machine-values.ts";
import { isLocalEngine, machineAddresses, requireOwnAddress } from "./own-addresses.ts";
import { noPromises, readPromises, type PromisedValues } from "./promised-values.ts";
import { readUnsettledConfig, readUserValues, setOwnValues } from "../stack/stack-config.ts";

/** What a lab was given of which there is only one each on a machine. */
export interface SettledValues {
  /** Empty where Docker holds the addresses. */
  readonly carrierSubnet: string;
  readonly publish: PublishedPorts;
}

/**
 * The configuration of a lab that is to be built, but for its addresses and ports: those are chosen at the last.
 *
 * @throws LabError `LAB_CONFIG`; `LAB_SYSTEMD_OPTION` where the engine hasn't what the user wants, and
 * `LAB_LISTEN_ADDRESS` where the machine hasn't.
 */
export async function foreseeConfig(context: BuildContext): Promise<LabConfig> {
  const machineValues = { baseImage: context.toolchain.baseImage, engine: configuredEngine(context) };
  const config = await readUnsettledConfig(context.paths, {
    ...machineValues,
    ...(await readUserValues(context.paths, context.stack)),
  });
  refuseUnfitSystemd(config.systemd, context.toolchain.dockerInfo);
  requireOwnAddress(config.listen, engineOf(context));
  return config;
}

/**
 * Writes into the stack's configuration what this machine decides: the engine, the base image, how systemd gets
 * its cgroups, who holds the addresses, and the ports. What the user set stays,
 * also what differs from what the machine chose last time. Called for a lab of which nothing
 * is built yet; from then on the values stand until `down`.
 *
 * @param promised - what the caller has given to other labs already.
 * @throws LabError `LAB_PORT_TAKEN` for a port of the user's; `LAB_NO_CARRIER`, `LAB_NO_PORTS`.
 */
export async function settleMachineValues(
  context: BuildContext,
  promised: PromisedValues = noPromises,
): Promise<SettledValues> {
  const userValues = await readUserValues(context.paths, context.stack);
  const wanted = await readUnsettledConfig(context.paths, userValues);
  // Whether a port is free on another machine's address can't be seen from here.
  const config = isLocalEngine(engineOf(context)) ? wanted : { ...wanted, listen: "" };
  const { toolchain } = context;
  const engine = engineOf(context);
  const others = await readPromises();
  const reserved = new Set([...promised.ports, ...(await reservedPorts(context, others))]);
  if ("publish" in userValues) await refuseTakenPorts(config, reserved);
  const addressing = await chooseAddressing(
    context,
    config.subnet,
    "addressing" in userValues ? config.addressing : addressingElsewhere(engine),
    [...promised.ranges, ...others.ranges],
  );
  const publish = await choosePorts(config, reserved);
  const chosen: Record<string, unknown> = {
    ...engineValues(toolchain.dockerInfo, "systemd" in userValues ? config.systemd : undefined),
    baseImage: toolchain.baseImage,
    engine: configuredEngine(context),
    addressing: addressing.addressing,
    carrierSubnet: addressing.carrierSubnet,
    publish,
    machine: machineAddresses(engineOf(context), toolchain.dockerInfo),
  };
  const values = Object.fromEntries(Object.entries(chosen).filter(([key]) => !(key in userValues)));
  // In this order: after a kill in between, nothing of the machine's looks like the user's in a new lab.
  await writeChosenValues(context.paths, values);
  await setOwnValues(context.paths, values);
  if ("addressing" in values && addressing.holder !== undefined) {
    context.report.say({
      en: `${config.subnet} is held by ${addressing.holder.en}: this lab's containers hold the addresses themselves (carrier network ${addressing.carrierSubnet}).`,
      ja: `${config.subnet}は使用中です（${addressing.holder.ja}）。このラボではコンテナ自身がアドレスを持ちます（土台のネットワーク ${addressing.carrierSubnet}）。`,
    });
  }
  return { carrierSubnet: addressing.carrierSubnet, publish };
}

/** Ports that nobody listens on here and that are another lab's all the same. */
export async function reservedPorts(
  context: LabContext,
  promised?: PromisedValues,
): Promise<ReadonlySet<number>> {
  return new Set([
    ...(promised ?? (await readPromises())).ports,
    ...(await portsOfStoppedLabs(engineOf(context))),
    // They are looked for here too: a lab's ports are the same on both machines.
    ...((await context.reach?.look())?.ports ?? []),
    ...(await portsOfLabsElsewhere(context.paths)),
  ]);
}

/** Another machine's networks can't all be seen from here, and its Docker networks not be reached: the containers hold them. */
function addressingElsewhere(engine: string): Addressing | undefined {
  return isElsewhere(engine) ? "inside" : undefined;
}
