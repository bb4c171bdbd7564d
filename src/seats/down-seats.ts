import { availableParallelism } from "node:os";
import { existsSync } from "node:fs";
import type { LabContext } from "../lab/lab-context.ts";
import { wipe } from "../lab/lifecycle/wipe.ts";
import { stackOfSeat, type Roster } from "../model/roster/roster.ts";
import { chooseSeats } from "./choose-seats.ts";
import { withClassLock } from "./class-lock.ts";
import { ClassLedger, type SeatRecord } from "./class-record.ts";
import { SeatEngines } from "./seat-engines.ts";
import { seatContext } from "./seat-context.ts";
import { faultOf } from "./seat-fault.ts";
import { workOnSeats, type NamedSeat, type SeatReport, type SeatWatch } from "./work-on-seats.ts";

/** What is to be taken down. */
export interface DownSeatsRequest {
  readonly className: string;
  /** The class's roster where it can be read: a seat whose record was lost is found by it. */
  readonly roster?: Roster | undefined;
  /** Only these; all of the class's record unless given. */
  readonly seats?: readonly string[];
  readonly jobs?: number;
  readonly watch: SeatWatch;
}

/** What `seats down` came to. */
export interface ClassDown {
  readonly className: string;
  readonly seats: readonly SeatReport<undefined>[];
}

/** A seat that may have a lab. */
interface KnownSeat extends NamedSeat {
  readonly record: SeatRecord | undefined;
}

/**
 * Takes down the labs of a class, also those that the roster has no more, and forgets them with everything that is
 * kept of the class.
 *
 * @throws LabError `LAB_NO_SEAT`.
 */
export async function downSeats(base: LabContext, request: DownSeatsRequest): Promise<ClassDown> {
  const { className, watch } = request;
  return withClassLock(base, className, async () => {
    const ledger = await ClassLedger.open(base.paths, className);
    const chosen = chooseSeats(knownSeats(base, ledger, request.roster), request.seats, className);
    const jobs = request.jobs ?? Math.max(1, Math.min(chosen.length, 2 * availableParallelism()));
    const engines = new SeatEngines(base);
    const seats = await workOnSeats(base, chosen, { jobs, watch }, async ({ id, stack, record }, voice) => {
      try {
        if (record !== undefined)
          await ledger.put({ ...record, phase: "removing", since: new Date().toISOString() });
        await wipe(seatContext(await engines.on(record?.engine), { stack }, voice), record?.owner);
        await ledger.remove(id);
      } catch (error) {
        if (record !== undefined && !base.signal.aborted)
          await ledger.put({
            ...record,
            phase: "failed",
            since: new Date().toISOString(),
            fault: faultOf(error),
          });
        throw error;
      }
      return undefined;
    });
    if (ledger.seats.length === 0) await ledger.forget();
    return { className, seats };
  });
}

/** The seats of the record, and those of the roster that have a lab's configuration and lost their record. */
function knownSeats(base: LabContext, ledger: ClassLedger, roster: Roster | undefined): readonly KnownSeat[] {
  const recorded = ledger.seats.map((record): KnownSeat => ({ ...record, record }));
  const lost = (roster?.seats ?? [])
    .filter(({ id }) => ledger.seat(id) === undefined)
    .map((seat): KnownSeat => ({
      id: seat.id,
      name: seat.name,
      stack: stackOfSeat({ className: ledger.className }, seat),
      record: undefined,
    }))
    .filter((seat) => existsSync(seatContext(base, seat).paths.stackConfig));
  return [...recorded, ...lost];
}
