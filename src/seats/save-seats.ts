import type { LabContext } from "../lab/lab-context.ts";
import { saveLab } from "../lab/saves/save.ts";
import { requireSaveName, type SaveSummary } from "../model/save-manifest.ts";
import { stackOfSeat } from "../model/roster/roster.ts";
import { chooseSeats } from "./choose-seats.ts";
import { workOnStanding, type StandingSeatsRequest } from "./standing-seats.ts";
import type { SeatReport } from "./work-on-seats.ts";

/** What is to be saved. */
export interface SaveSeatsRequest extends StandingSeatsRequest {
  /** The first part of each save's name; the rest is the seat's lab. */
  readonly name: string;
  /** Saves of these names may be replaced. */
  readonly mayReplace: boolean;
}

/** The name under which a seat's lab is saved: `week3-class-a-s01`. */
function saveNameOf(name: string, stack: string): string {
  return `${name}-${stack}`;
}

/**
 * Saves the labs of a class as they stand, each under a name of its own.
 *
 * @throws LabError `LAB_SAVE_NAME`, `LAB_NO_SEAT`, before anything is saved.
 */
export async function saveSeats(
  base: LabContext,
  { name, mayReplace, ...request }: SaveSeatsRequest,
): Promise<readonly SeatReport<SaveSummary>[]> {
  const { roster } = request;
  for (const seat of chooseSeats(roster.seats, request.seats, roster.file))
    requireSaveName(saveNameOf(name, stackOfSeat(roster, seat)));
  return workOnStanding(base, request, async (context) => ({
    result: await saveLab(context, saveNameOf(name, context.stack), { mayReplace }),
  }));
}
