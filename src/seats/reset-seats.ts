import type { BuildContext } from "../lab/lab-context.ts";
import { resetHosts, type ResetNode } from "../lab/reset/reset.ts";
import { workOnStanding, type StandingSeatsRequest } from "./standing-seats.ts";
import type { SeatReport } from "./work-on-seats.ts";

/** What is to be as new. */
export interface ResetSeatsRequest extends StandingSeatsRequest {
  /** The stage that the seats then stand at; the one that each stands at already where none is given. */
  readonly stage?: string;
}

/** Replaces the mail hosts of a class's labs by new ones; whatever the students did there is gone. */
export async function resetSeats(
  base: BuildContext,
  { stage, ...request }: ResetSeatsRequest,
): Promise<readonly SeatReport<readonly ResetNode[]>[]> {
  return workOnStanding(base, request, async (context) => {
    const { nodes } = await resetHosts(context, { hosts: [], stage });
    return { result: nodes, change: { phase: "up", ...(stage === undefined ? {} : { stage }) } };
  });
}
