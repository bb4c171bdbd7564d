import { startOfStage } from "../course/stage.ts";
import type { BuildContext } from "../lab/lab-context.ts";
import type { OccupiedRange } from "../lab/machine/machine-values.ts";
import { promiseValues } from "../lab/machine/promised-values.ts";
import { settleMachineValues } from "../lab/machine/settle-machine-values.ts";
import { setOwnValues, takeOverCommittedConfig } from "../lab/stack/stack-config.ts";
import { parseCidr } from "../model/ipv4.ts";
import { LabError } from "../model/lab-error.ts";
import { portsIn } from "../model/topology.ts";
import type { SeatFault } from "./class-record.ts";
import { faultOf } from "./seat-fault.ts";

/** A seat of which nothing is built yet. */
export interface UnbuiltSeat {
  readonly context: BuildContext;
  readonly stage: string;
}

/** What was settled for the seats of a class. */
export interface SettledSeats {
  /** Stack to what is wrong with a seat's own configuration, or what there is too little of. */
  readonly faults: ReadonlyMap<string, SeatFault>;
  /** Takes back that others must not choose the same: for when all are built. */
  readonly release: () => Promise<void>;
}

/**
 * Settles what the machine decides for all seats that are to be built, one after the other before any is built: each
 * gets a carrier network and ports that no other has, so that they can be built side by side. Called while the right
 * to choose is held, which may be given up then: what the seats were given is promised to them.
 *
 * @param values - further values of their configuration.
 */
export async function settleSeats(
  seats: readonly UnbuiltSeat[],
  values: Readonly<Record<string, unknown>>,
): Promise<SettledSeats> {
  const carrierSubnets: string[] = [];
  const ranges: OccupiedRange[] = [];
  const ports = new Set<number>();
  const faults = new Map<string, SeatFault>();
  for (const { context, stage } of seats) {
    const { stack, paths } = context;
    try {
      await takeOverCommittedConfig(paths, stack);
      await setOwnValues(paths, { addressing: "inside", start: startOfStage(stage), stage, ...values });
      const { carrierSubnet, publish } = await settleMachineValues(context, { ranges, ports });
      carrierSubnets.push(carrierSubnet);
      const network = parseCidr(carrierSubnet);
      const holder = { en: `the seat ${stack}`, ja: `席 ${stack}` };
      if (network !== undefined) ranges.push({ network, holder });
      for (const port of portsIn(publish)) ports.add(port);
    } catch (error) {
      if (!(error instanceof LabError)) throw error;
      faults.set(stack, faultOf(error));
    }
  }
  return { faults, release: await promiseValues({ carrierSubnets, ports: [...ports] }) };
}
