import { createHash } from "node:crypto";
import { basename } from "node:path";
import { encodingProblem } from "./roster-encoding.ts";
import { readHeadings } from "./roster-headings.ts";
import { rosterError, type RosterProblem } from "./roster-problem.ts";
import { readSeats } from "./roster-seats.ts";
import { readTable } from "./roster-table.ts";
import type { Language } from "../text.ts";

/** A seat of a class: one student, one lab. */
export interface Seat {
  /** As the roster has it: letters, digits and hyphens. Two seats never differ in case alone. */
  readonly id: string;
  /** The student's name, in any script. */
  readonly name: string;
  /** The stage that the lab is made at. */
  readonly stage: string;
  /** Address or Docker context of the engine that the roster puts it on; undefined where the lab chooses. */
  readonly engine: string | undefined;
  /** The language of the student's sheet; undefined where it is the instructor's own. */
  readonly language: Language | undefined;
  /** The line of the roster. */
  readonly line: number;
}

/** A class: everybody who gets a lab. */
export interface Roster {
  /** As the user typed it. */
  readonly file: string;
  /** Name of the class, made of the file's name: at most 20 lower-case letters, digits and single hyphens. */
  readonly className: string;
  /** At least one, in the order of the file. */
  readonly seats: readonly Seat[];
}

/** Longest name of a class; with the longest seat and two hyphens it is a stack's 41 characters. */
const longestClassName = 20;
const digestLength = 6;

/**
 * Reads a roster: CSV in UTF-8, a heading line with `seat` and `name`, and `stage`, `engine` and `language` where wanted.
 *
 * @param file - as the user typed it; it names the class.
 * @param stages - every stage that a seat may have.
 * @throws LabError `LAB_ROSTER` with every problem's line and column.
 */
export function parseRoster(file: string, bytes: Uint8Array, stages: readonly string[]): Roster {
  const encoding = encodingProblem(bytes);
  if (encoding !== undefined) throw rosterError(file, [encoding]);
  const table = readTable(bytes);
  const [headingRow, ...rows] = table.rows;
  const hasProblems = table.problems.length > 0;
  const headings = readHeadings(headingRow, hasProblems);
  const problems: RosterProblem[] = [...table.problems, ...headings.problems];
  const read = headings.isReadable
    ? readSeats(headings, rows, stages, hasProblems)
    : { seats: [], problems: [] };
  problems.push(...read.problems);
  if (problems.length > 0) throw rosterError(file, problems);
  return { file, className: classNameOf(file), seats: read.seats };
}

/**
 * The class that a roster's file names: its name without folder and ending, in lower case, everything but a to z and
 * digits as a hyphen. Where letters are lost or it is too long, a digest keeps it apart from others: `1-A組.csv` and
 * `1-A班.csv` are two classes.
 */
export function classNameOf(file: string): string {
  // A file system may hand out a name composed or decomposed.
  const name = basename(file.replaceAll("\\", "/"))
    .replace(/\.(csv|txt)$/i, "")
    .normalize("NFC");
  const slug = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "");
  if (/^[\x20-\x7e]*$/.test(name) && slug !== "" && slug.length <= longestClassName) return slug;
  const digest = createHash("sha256").update(name).digest("hex").slice(0, digestLength);
  const kept = slug.slice(0, longestClassName - digestLength - 1).replace(/-$/, "");
  return `${kept === "" ? "class" : kept}-${digest}`;
}

/**
 * The stack of a seat: class and seat with a hyphen between them, or two where the seat has hyphens of its own, so that
 * no two seats of any two classes share one (`a` with `b-1`, `a-b` with `1`).
 */
export function stackOfSeat({ className }: Pick<Roster, "className">, { id }: Pick<Seat, "id">): string {
  return `${className}${id.includes("-") ? "--" : "-"}${id.toLowerCase()}`;
}
