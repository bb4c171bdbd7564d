/** An engine as far as seats are placed by it. */
export interface EngineRoom {
  /** As it was named. */
  readonly engine: string;
  readonly memoryBytes: number;
  readonly cpus: number;
  /** Labs that it holds already, anybody's. */
  readonly labs: number;
}

/** What a machine keeps for itself: its system, Docker and the file cache that builds need. */
const ownMemoryBytes = 1024 * 1024 * 1024;
/** What a seat takes at most (docs/scale.md). */
const seatMemoryBytes = 100 * 1024 * 1024;
/** As many seats as one core serves while everybody sends mail. */
const seatsPerCore = 10;

/** How many seats an engine has room for, by memory and by cores; never none, since somebody named it. */
export function seatsThatFit({ memoryBytes, cpus }: Pick<EngineRoom, "memoryBytes" | "cpus">): number {
  const byMemory = Math.floor((memoryBytes - ownMemoryBytes) / seatMemoryBytes);
  return Math.max(1, Math.min(byMemory, cpus * seatsPerCore));
}

/**
 * Places seats on engines, each where there is most room left for what it is: an engine with twice the room gets
 * twice the seats. Where all are full, they fill up evenly beyond.
 *
 * @param seats - their ids; the same seats and engines give the same places.
 * @returns seat to engine; empty where there is no engine.
 */
export function placeSeats(
  seats: readonly string[],
  engines: readonly EngineRoom[],
): ReadonlyMap<string, string> {
  const loads = engines.map((room) => ({ engine: room.engine, labs: room.labs, fits: seatsThatFit(room) }));
  const places = new Map<string, string>();
  for (const seat of seats) {
    const emptiest = loads.reduce<(typeof loads)[number] | undefined>(
      (best, load) => (best === undefined || loadWithOneMore(load) < loadWithOneMore(best) ? load : best),
      undefined,
    );
    if (emptiest === undefined) break;
    emptiest.labs += 1;
    places.set(seat, emptiest.engine);
  }
  return places;
}

function loadWithOneMore({ labs, fits }: { readonly labs: number; readonly fits: number }): number {
  return (labs + 1) / fits;
}
