import { listContainers } from "../engine/lab-objects.ts";
import { engineOf, type LabContext } from "../lab/lab-context.ts";
import { onEngine } from "../lab/reach/on-engine.ts";
import type { Roster } from "../model/roster/roster.ts";
import { stackOfSeat } from "../model/roster/roster.ts";
import { chooseSeats } from "./choose-seats.ts";
import { readSeatRecords, type SeatFault, type SeatRecord } from "./class-record.ts";
import { containersOf, isWhole, type SeatContainer } from "./plan-seats.ts";
import { faultOf } from "./seat-fault.ts";
import type { NamedSeat } from "./work-on-seats.ts";

/**
 * How a seat stands: `up`; `stopped`: all of it is there and not all runs; `failed`, `partial`: the last command on it
 * failed, or did not come to its end; `none`: there is nothing of it; `unknown`: its engine can't be asked.
 */
export type SeatState = "up" | "stopped" | "failed" | "partial" | "none" | "unknown";

/** A seat as it stands. */
export interface SeatStatus extends NamedSeat {
  readonly state: SeatState;
  readonly engine?: string;
  readonly stage: string;
  readonly containers: { readonly running: number; readonly all: number };
  /** When the last command left it so, ISO 8601. */
  readonly since?: string;
  /** How long it took to be brought up. */
  readonly tookMs?: number;
  readonly fault?: SeatFault;
  /** Whether the roster has it. */
  readonly isInRoster: boolean;
}

/** The seats of a roster as they stand, and those that the class still has beyond it. */
export async function readClassStatus(
  base: LabContext,
  roster: Roster,
  wanted?: readonly string[],
): Promise<readonly SeatStatus[]> {
  const records = await readSeatRecords(base.paths, roster.className);
  const inRoster = new Set(roster.seats.map(({ id }) => id));
  const seats = [
    ...roster.seats.map(({ id, name, stage, engine }) => ({
      id,
      name,
      stage,
      engine,
      stack: stackOfSeat(roster, { id }),
    })),
    ...records.filter(({ id }) => !inRoster.has(id)),
  ];
  const engines = new Map<string | undefined, ReturnType<typeof lookAt>>();
  return Promise.all(
    chooseSeats(seats, wanted, roster.file).map(async ({ id, name, stack, stage, engine: placed }) => {
      const record = records.find((candidate) => candidate.id === id);
      const engine = record?.engine ?? placed;
      const look = engines.get(engine) ?? lookAt(base, engine);
      engines.set(engine, look);
      const found = await look;
      const containers = "containers" in found ? containersOf(stack, found.containers) : [];
      const fault = "fault" in found ? found.fault : record?.fault;
      return {
        id,
        name,
        stack,
        stage: record?.stage ?? stage,
        isInRoster: inRoster.has(id),
        state: "fault" in found ? "unknown" : stateOf(record, containers),
        containers: {
          running: containers.filter(({ state }) => state === "running").length,
          all: containers.length,
        },
        ...(engine === undefined ? {} : { engine }),
        ...(record === undefined ? {} : { since: record.since }),
        ...(record?.tookMs === undefined ? {} : { tookMs: record.tookMs }),
        ...(fault === undefined ? {} : { fault }),
      };
    }),
  );
}

async function lookAt(base: LabContext, engine: string | undefined) {
  try {
    return { containers: await listContainers(engineOf(await onEngine(base, engine))) };
  } catch (error) {
    return { fault: faultOf(error) };
  }
}

/** How a seat stands by its record and by its containers. */
export function stateOf(
  record: Pick<SeatRecord, "phase" | "owner" | "nodes"> | undefined,
  containers: readonly SeatContainer[],
): SeatState {
  if (record?.phase === "failed") return "failed";
  if (record?.phase !== "up") return containers.length === 0 ? "none" : "partial";
  if (!isWhole(record, containers)) return containers.length === 0 ? "none" : "partial";
  return containers.every(({ state }) => state === "running") ? "up" : "stopped";
}
