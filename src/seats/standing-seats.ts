import { availableParallelism } from "node:os";
import type { LabContext } from "../lab/lab-context.ts";
import { stackOfSeat, type Roster } from "../model/roster/roster.ts";
import { chooseSeats } from "./choose-seats.ts";
import { withClassLock } from "./class-lock.ts";
import { ClassLedger, type SeatRecord } from "./class-record.ts";
import { seatContext } from "./seat-context.ts";
import { SeatEngines } from "./seat-engines.ts";
import { workOnSeats, type SeatReport, type SeatWatch } from "./work-on-seats.ts";

/** Which of a class's seats are meant, and how they are worked on. */
export interface StandingSeatsRequest {
  readonly roster: Roster;
  /** Only these; all of the roster's unless given. */
  readonly seats?: readonly string[];
  /** How many at once; as many as the machine has cores unless given. */
  readonly jobs?: number;
  readonly watch: SeatWatch;
}

/**
 * Works on labs that stand, each on the engine where it is; a seat that is not up fails with the work's own word.
 *
 * @param work - gives what of the seat's record has changed, beside its result.
 * @throws LabError `LAB_NO_SEAT`.
 */
export async function workOnStanding<Context extends LabContext, Result>(
  base: Context,
  request: StandingSeatsRequest,
  work: (context: Context) => Promise<{ result: Result; change?: Partial<SeatRecord> }>,
): Promise<readonly SeatReport<Result>[]> {
  const { roster, watch, jobs = availableParallelism() } = request;
  const chosen = chooseSeats(roster.seats, request.seats, roster.file);
  return withClassLock(base, roster.className, async () => {
    const ledger = await ClassLedger.open(base.paths, roster.className);
    const engines = new SeatEngines(base);
    const seats = chosen.map((seat) => ({ ...seat, stack: stackOfSeat(roster, seat) }));
    return workOnSeats(base, seats, { jobs, watch }, async ({ id, stack, engine }, voice) => {
      const context = await engines.on(ledger.seat(id)?.engine ?? engine);
      const { result, change } = await work(seatContext(context, { stack }, voice));
      const record = ledger.seat(id);
      if (record !== undefined && change !== undefined)
        await ledger.put({ ...record, since: new Date().toISOString(), ...change });
      return result;
    });
  });
}
