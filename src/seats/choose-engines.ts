import type { LabContext } from "../lab/lab-context.ts";
import { labelNames } from "../model/labels.ts";
import type { Seat } from "../model/roster/roster.ts";
import type { ClassLedger, SeatFault } from "./class-record.ts";
import { placeSeats } from "./placement.ts";
import type { SeatContainer } from "./plan-seats.ts";

/** Which engines a class may have, beside those that its roster names. */
export interface WantedEngines {
  /** Seats that are nowhere yet are placed on these; on the shell's own engine where there are none. */
  readonly engines?: readonly string[];
  /** Seats whose engine can't be reached are built anew on another one, without what was in them. */
  readonly mayMove?: boolean;
}

/** Where a seat goes. */
export interface SeatPlace {
  /** Undefined for the shell's own engine. */
  readonly engine: string | undefined;
  /** It was somewhere else, where nobody answers. */
  readonly isMoved: boolean;
}

/** An engine as it was found. */
export type EngineLook =
  | { readonly context: LabContext; readonly containers: readonly SeatContainer[] }
  | { readonly fault: SeatFault };

/**
 * Chooses each seat's engine: where it is already, else where the roster wants it, else where most room is left.
 *
 * @param look - asks an engine, each once.
 */
export async function chooseEngines(
  seats: readonly Seat[],
  ledger: Pick<ClassLedger, "seat">,
  { engines = [], mayMove = false }: WantedEngines,
  look: (engine: string | undefined) => Promise<EngineLook>,
): Promise<ReadonlyMap<string, SeatPlace>> {
  const places = new Map<string, SeatPlace>();
  const homeless: { readonly id: string; readonly isMoved: boolean }[] = [];
  for (const seat of seats) {
    const record = ledger.seat(seat.id);
    const engine = record === undefined ? seat.engine : record.engine;
    const isLost = mayMove && record !== undefined && "fault" in (await look(engine));
    const isNowhere = record === undefined && engine === undefined && engines.length > 0;
    if (isLost || isNowhere) homeless.push({ id: seat.id, isMoved: isLost });
    else places.set(seat.id, { engine, isMoved: false });
  }
  const rooms = await Promise.all(
    engines.map(async (engine) => {
      const found = await look(engine);
      if ("fault" in found) return [];
      const { cpus, memoryBytes } = found.context.toolchain.dockerInfo;
      return [{ engine, cpus, memoryBytes, labs: labsAmong(found.containers) }];
    }),
  );
  const placed = placeSeats(
    homeless.map(({ id }) => id),
    rooms.flat(),
  );
  for (const { id, isMoved } of homeless) {
    // Where none of them answers, the seat says why that one does not.
    const engine = placed.get(id) ?? (isMoved ? undefined : engines[0]);
    places.set(id, { engine, isMoved });
  }
  return places;
}

function labsAmong(containers: readonly SeatContainer[]): number {
  const owners = containers
    .map(({ labels }) => labels[labelNames.owner])
    .filter((owner) => owner !== undefined);
  return new Set(owners).size;
}
