import { startOfStage } from "../course/stage.ts";
import type { BuildContext } from "../lab/lab-context.ts";
import type { OccupiedRange } from "../lab/machine-values.ts";
import { settleMachineValues } from "../lab/settle-machine-values.ts";
import { setOwnValues, takeOverCommittedConfig } from "../lab/stack-config.ts";
import { parseCidr } from "../model/ipv4.ts";

/** A seat of which nothing is built yet. */
export interface UnbuiltSeat {
  readonly context: BuildContext;
  readonly stage: string;
}

/**
 * Settles what the machine decides for all seats that are to be built, one after the other before any is built: each
 * gets a carrier network and ports that no other has, so that they can be built side by side. Called while the right
 * to choose is held.
 */
export async function settleSeats(seats: readonly UnbuiltSeat[]): Promise<void> {
  const ranges: OccupiedRange[] = [];
  const ports = new Set<number>();
  for (const { context, stage } of seats) {
    await takeOverCommittedConfig(context.paths, context.stack);
    await setOwnValues(context.paths, { addressing: "inside", start: startOfStage(stage), stage });
    const { carrierSubnet, publish } = await settleMachineValues(context, { ranges, ports });
    const network = parseCidr(carrierSubnet);
    const holder = { en: `the seat ${context.stack}`, ja: `席 ${context.stack}` };
    if (network !== undefined) ranges.push({ network, holder });
    for (const port of [publish.dns, ...Object.values(publish.hosts).flatMap((host) => Object.values(host))])
      ports.add(port);
  }
}
