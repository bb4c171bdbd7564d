import { stat } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { configuredEngine, type LabContext } from "../lab/lab-context.ts";
import type { LabOutputs } from "../lab/stack/lab-outputs.ts";
import { labStateOf } from "../lab/stack/lab-state.ts";
import { addressesToType, isLocalEngine } from "../lab/machine/own-addresses.ts";
import { exportState } from "../lab/stack/pulumi-stack.ts";
import { LabError, exitCode } from "../model/lab-error.ts";
import { anyAddress } from "../model/listen-rules.ts";
import { stackOfSeat, type Roster, type Seat } from "../model/roster/roster.ts";
import type { Language } from "../model/text.ts";
import { readSeatRecords, type SeatFault, type SeatRecord } from "./class-record.ts";
import { eachSeat } from "./each-seat.ts";
import type { SeatUp } from "./bring-up-seat.ts";
import { handoutFile, writeHandout } from "./handout.ts";
import type { HandoutSeat } from "./handout-sheet.ts";
import { faultOf } from "./seat-fault.ts";
import { seatContext } from "./seat-context.ts";
import type { NamedSeat, SeatReport } from "./work-on-seats.ts";

/** Which sheets are to be written. */
export interface HandoutRequest {
  readonly roster: Roster;
  /** Of every seat that the roster gives none of its own. */
  readonly language: Language;
  /** What students type to come to the labs' ssh, where it is another name or address than the one that is published. */
  readonly address?: string;
  /** Stack to the outputs that the caller has at hand; the others' are read. */
  readonly known?: ReadonlyMap<string, LabOutputs>;
}

/** A seat that has no sheet. */
interface SeatWithoutSheet extends NamedSeat {
  /** Why its state could not be read; absent where it is not up. */
  readonly fault?: SeatFault;
}

/** The sheets that were written. */
export interface ClassHandout {
  readonly className: string;
  readonly file: string;
  readonly seats: readonly NamedSeat[];
  /** Seats with no sheet: they are not up, or their state could not be read. */
  readonly left: readonly SeatWithoutSheet[];
}

/**
 * Writes the sheets of a class, a page for each seat of the roster that is up. What stands on a sheet is in the labs'
 * state: the seats' engines need not be reachable.
 *
 * @throws LabError `LAB_NOT_UP` where not one of the seats is; an older file stays as it is then.
 */
export async function writeClassHandout(base: LabContext, request: HandoutRequest): Promise<ClassHandout> {
  const { roster, language } = request;
  const { className } = roster;
  const records = await readSeatRecords(base.paths, className);
  const work = { jobs: availableParallelism(), signal: base.signal };
  const outcomes = await eachSeat(roster.seats, work, async (seat) => {
    const record = records.find(({ id }) => id === seat.id);
    return await handoutSeat(base, request, seat, record);
  });
  const sheets: HandoutSeat[] = [];
  const left: SeatWithoutSheet[] = [];
  for (const [{ id, name }, outcome] of outcomes) {
    const named = { id, name, stack: stackOfSeat(roster, { id }) };
    if (outcome.kind === "done" && outcome.result !== undefined) sheets.push(outcome.result);
    else if (outcome.kind === "failed") left.push({ ...named, fault: faultOf(outcome.error) });
    else left.push(named);
  }
  base.signal.throwIfAborted();
  if (sheets.length === 0) throw notUp(roster);
  const file = await writeHandout(base.paths, { className, language, madeAt: new Date(), seats: sheets });
  const seats = sheets.map(({ seat: { id, name }, stack }) => ({ id, name, stack }));
  return { className, file, seats, left };
}

/**
 * Writes the sheets of a class whose labs have just been brought up, where they say something new: a lab was changed,
 * the roster was, or there are none yet.
 *
 * @returns undefined where no seat is up or Ctrl-C was pressed.
 */
export async function renewClassHandout(
  base: LabContext,
  { roster, language }: Pick<HandoutRequest, "roster" | "language">,
  seats: readonly SeatReport<SeatUp>[],
): Promise<string | undefined> {
  const done = seats.filter(({ outcome }) => outcome === "done");
  if (done.length === 0 || base.signal.aborted) return undefined;
  const file = handoutFile(base.paths, roster.className);
  const isChanged = done.some(({ result }) => result?.isChanged === true);
  if (!isChanged && (await isNewer(file, roster.file))) return file;
  const known = new Map(
    done.flatMap(({ stack, result }) =>
      result?.withSecrets === undefined ? [] : [[stack, result.withSecrets] as const],
    ),
  );
  return (await writeClassHandout(base, { roster, language, known })).file;
}

async function isNewer(file: string, other: string): Promise<boolean> {
  const [own, others] = await Promise.all([file, other].map((path) => stat(path).catch(() => undefined)));
  return own !== undefined && others !== undefined && own.mtimeMs > others.mtimeMs;
}

/** What a seat's sheet is made from; undefined where it has no lab that was whole once. */
async function handoutSeat(
  base: LabContext,
  { roster, known, address }: HandoutRequest,
  seat: Seat,
  record: SeatRecord | undefined,
): Promise<HandoutSeat | undefined> {
  const stack = stackOfSeat(roster, seat);
  const outputs = known?.get(stack) ?? (await readOutputs(base, stack));
  if (outputs === undefined) return undefined;
  const engine = record?.engine ?? seat.engine ?? configuredEngine(base);
  return { seat, stack, outputs, ...wayOf(engine, outputs, address) };
}

async function readOutputs(base: LabContext, stack: string): Promise<LabOutputs | undefined> {
  const exported = await exportState(seatContext(base, { stack }));
  return exported && labStateOf(exported).outputs;
}

/**
 * What a student types behind the @, and on which machine.
 *
 * @param engine - the engine that the lab is on.
 * @param address - what the teacher says that students type.
 */
export function wayOf(
  engine: string,
  { network }: Pick<LabOutputs, "network">,
  address?: string,
): Pick<HandoutSeat, "address" | "machine"> {
  const [published] = addressesToType(network.listen ?? "", engine);
  const typed = address ?? published;
  if (typed !== undefined) return { address: typed };
  const loopback = "127.0.0.1";
  if (isLocalEngine(engine)) return { address: loopback };
  // A context's machine is known to Docker alone; its name has to do.
  return { address: loopback, machine: addressesToType(anyAddress, engine)[0] ?? engine };
}

function notUp({ className, file }: Roster): LabError {
  return new LabError(
    "LAB_NOT_UP",
    {
      en: `No seat of the class ${className} is up, so there is nothing to print.`,
      ja: `クラス${className}には立ち上がっている席がなく、配布プリントを作れません。`,
    },
    {
      hint: {
        en: `./lab seats up ${file} builds the labs and writes the sheets`,
        ja: `./lab seats up ${file} でラボを作ると、配布プリントもできます`,
      },
      exit: exitCode.unreachable,
    },
  );
}
