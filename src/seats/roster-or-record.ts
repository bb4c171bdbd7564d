import type { LabPaths } from "../lab/lab-paths.ts";
import { LabError } from "../model/lab-error.ts";
import { classNameOf, stackOfSeat, type Roster } from "../model/roster/roster.ts";
import { readSeatRecords } from "./class-record.ts";
import { readRoster } from "./read-roster.ts";
import type { NamedSeat } from "./work-on-seats.ts";

/** A class as far as its labs are known. */
export interface KnownClass {
  readonly className: string;
  /** Absent where the file is gone or wrong. */
  readonly roster: Roster | undefined;
  /** The seats of its record, and those that only the roster has. */
  readonly known: readonly NamedSeat[];
}

/**
 * What is known of a class whose labs are to go: its roster may be lost or broken meanwhile, since the record has them.
 *
 * @throws LabError `LAB_ROSTER`, `LAB_ROSTER_FILE` where there is no record either.
 */
export async function readRosterOrRecord(paths: LabPaths, file: string): Promise<KnownClass> {
  const className = classNameOf(file);
  const records = await readSeatRecords(paths, className);
  let roster: Roster | undefined;
  try {
    roster = await readRoster(file);
  } catch (error) {
    if (records.length === 0 || !(error instanceof LabError)) throw error;
  }
  const recorded = new Set(records.map(({ id }) => id));
  const others = (roster?.seats ?? [])
    .filter(({ id }) => !recorded.has(id))
    .map(({ id, name }) => ({ id, name, stack: stackOfSeat({ className }, { id }) }));
  return { className, roster, known: [...records, ...others] };
}
