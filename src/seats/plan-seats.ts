import type { EngineContainer } from "../engine/lab-objects.ts";
import { labelNames } from "../model/labels.ts";
import type { Seat } from "../model/roster/roster.ts";
import type { SeatRecord } from "./class-record.ts";

/**
 * What has to be done for a seat to be up: `none`; `start`: all of it is there and a part is stopped; `raise`: the
 * roster wants another stage; `build`: everything else, from nothing or from where the last command left it.
 */
export type SeatAction = "none" | "start" | "raise" | "build";

/** A container as far as a plan looks at it. */
export type SeatContainer = Pick<EngineContainer, "labels" | "state">;

/**
 * Works out what is to be done for a seat, by the record and by what its engine holds: a seat that is up is known
 * without asking Pulumi.
 *
 * @param containers - those that carry the label of the seat's stack.
 */
export function actionFor(
  { stage }: Pick<Seat, "stage">,
  record: SeatRecord | undefined,
  containers: readonly SeatContainer[],
): SeatAction {
  if (record?.phase !== "up" || record.owner === undefined) return "build";
  if (!isWhole(record, containers)) return "build";
  if (record.stage !== stage) return "raise";
  return containers.every(({ state }) => state === "running") ? "none" : "start";
}

/** Whether the engine holds every container of the seat, and nobody else's. */
export function isWhole(
  { owner, nodes }: Pick<SeatRecord, "owner" | "nodes">,
  containers: readonly SeatContainer[],
): boolean {
  return containers.length === nodes && containers.every(({ labels }) => labels[labelNames.owner] === owner);
}

/** Those of an engine's containers that are nodes of a stack's lab; one beside them that captures packets is none. */
export function containersOf<Container extends Pick<EngineContainer, "labels">>(
  stack: string,
  containers: readonly Container[],
): readonly Container[] {
  return containers.filter(({ labels }) => labels[labelNames.stack] === stack && labelNames.node in labels);
}

/** Memory that Pulumi's engine, its plugins and the program take while one seat is built. */
const memoryPerJobBytes = 300 * 1024 * 1024;

/** What bounds how many seats are built at once. */
export interface MachineRoom {
  readonly cores: number;
  readonly freeMemoryBytes: number;
}

/** How many seats are worked on at once where nobody says: as many as cores and memory have room for, at least one. */
export function fittingJobs(seats: number, { cores, freeMemoryBytes }: MachineRoom): number {
  // A seat mostly waits: for Docker, for a boot, for one of Pulumi's programs to start.
  const byCores = 2 * cores;
  const byMemory = Math.floor(freeMemoryBytes / memoryPerJobBytes);
  return Math.max(1, Math.min(seats, byCores, byMemory));
}
