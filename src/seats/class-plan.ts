import { existsSync } from "node:fs";
import { listContainers } from "../engine/lab-objects.ts";
import { chosenValuesFile } from "../lab/machine/chosen-values.ts";
import { engineOf, type LabContext } from "../lab/lab-context.ts";
import { onEngine } from "../lab/reach/on-engine.ts";
import { stackOfSeat, type Roster, type Seat } from "../model/roster/roster.ts";
import { chooseEngines, type WantedEngines } from "./choose-engines.ts";
import type { ClassLedger, SeatFault, SeatRecord } from "./class-record.ts";
import { actionFor, containersOf, type SeatAction } from "./plan-seats.ts";
import { seatContext } from "./seat-context.ts";
import { faultOf } from "./seat-fault.ts";
import type { NamedSeat } from "./work-on-seats.ts";

/** What is to be done for one seat, and where. */
export interface SeatPlan<Context> extends NamedSeat {
  readonly seat: Seat;
  readonly record: SeatRecord | undefined;
  readonly engine: string | undefined;
  /** It was on an engine that can't be reached, and is built anew here. */
  readonly isMoved: boolean;
  /** The class's context on the seat's engine, or why that can't be worked with. */
  readonly place: { readonly context: Context } | { readonly fault: SeatFault };
  readonly action: SeatAction;
  /** Nothing at all is there of it: no configuration, no state. */
  readonly isFresh: boolean;
  /** Nothing of it is on its engine, so that addresses and ports are its to be chosen. */
  readonly isUnsettled: boolean;
}

/** Looks at the record and, once for each engine, at what is there, and works out what is to be done for each seat. */
export async function planClass<Context extends LabContext>(
  base: Context,
  ledger: ClassLedger,
  roster: Roster,
  seats: readonly Seat[],
  wanted: WantedEngines = {},
): Promise<readonly SeatPlan<Context>[]> {
  const engines = new Map<string | undefined, ReturnType<typeof lookAtEngine<Context>>>();
  const look = (engine: string | undefined) => {
    const known = engines.get(engine) ?? lookAtEngine(base, engine);
    engines.set(engine, known);
    return known;
  };
  const places = await chooseEngines(seats, ledger, wanted, look);
  return Promise.all(
    seats.map(async (seat): Promise<SeatPlan<Context>> => {
      const record = ledger.seat(seat.id);
      const stack = stackOfSeat(roster, seat);
      const { engine, isMoved } = places.get(seat.id) ?? { engine: seat.engine, isMoved: false };
      const found = await look(engine);
      const containers = "containers" in found ? containersOf(stack, found.containers) : [];
      const { paths } = seatContext(base, { stack });
      return {
        id: seat.id,
        name: seat.name,
        stack,
        seat,
        record,
        engine,
        isMoved,
        place: found,
        action: actionFor(seat, record, containers),
        isFresh: isMoved || !existsSync(paths.stackConfig),
        isUnsettled: containers.length === 0 || !existsSync(chosenValuesFile(paths)),
      };
    }),
  );
}

async function lookAtEngine<Context extends LabContext>(base: Context, engine: string | undefined) {
  try {
    const context = await onEngine(base, engine);
    return { context, containers: await listContainers(engineOf(context)) };
  } catch (error) {
    return { fault: faultOf(error) };
  }
}
