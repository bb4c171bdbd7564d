import { availableParallelism } from "node:os";
import { relative } from "node:path";
import { steps } from "../course/steps.ts";
import type { LabContext } from "../lab/lab-context.ts";
import { onEngine } from "../lab/reach/on-engine.ts";
import { stackOfSeat, type Roster } from "../model/roster/roster.ts";
import { sameText, type Text } from "../model/text.ts";
import { seenSeat, unseenSeat, type BoardSeat, type PlacedSeat } from "./board-seat.ts";
import { chooseSeats } from "./choose-seats.ts";
import { classFolder, readSeatRecords, type SeatFault } from "./class-record.ts";
import { eachSeat } from "./each-seat.ts";
import { SeatLooker, type SeatView } from "./look-at-seat.ts";
import { progressFile, readProgress, writeProgress } from "./progress-record.ts";
import { classAfter, type HostLook } from "./progress.ts";
import { seatContext } from "./seat-context.ts";
import { faultOf } from "./seat-fault.ts";

/** A class as it stands: every seat of the roster with every step of the chapter. */
export interface Board {
  readonly className: string;
  /** When it was looked at, RFC 3339, and how long that took. */
  readonly lookedAt: string;
  readonly durationMs: number;
  /** The first look of this lesson: nobody is stuck for longer. */
  readonly lessonSince: string;
  readonly steps: readonly { readonly id: string; readonly title: Text }[];
  readonly seats: readonly BoardSeat[];
}

/** What a board is made of. */
export interface BoardRequest {
  readonly roster: Roster;
  /** These seats alone; all of the roster's unless some are named. */
  readonly wanted?: readonly string[] | undefined;
}

/**
 * How many seats are looked at at once: a look is half work, here and in the hosts, and half waiting; more at a time
 * would have the hosts answer later than a look waits.
 */
const looksAtOnce = Math.min(16, Math.max(4, 2 * availableParallelism()));

/** Looks at a class again and again. */
export class ClassBoard {
  readonly #context: LabContext;
  readonly #roster: Pick<Roster, "file" | "className">;
  readonly #seats: readonly PlacedSeat[];
  readonly #lookers = new Map<string, SeatLooker>();
  /** Engine to the class's context on it: each is asked for its facts once. */
  readonly #engines = new Map<string | undefined, Promise<LabContext>>();

  private constructor(context: LabContext, roster: Roster, seats: readonly PlacedSeat[]) {
    this.#context = context;
    this.#roster = roster;
    this.#seats = seats;
  }

  /**
   * @param context - of any of the class's stacks.
   * @throws LabError `LAB_NO_SEAT`, `LAB_CLASS_RECORD`
   */
  static async open(context: LabContext, { roster, wanted }: BoardRequest): Promise<ClassBoard> {
    const records = await readSeatRecords(context.paths, roster.className);
    const seats = chooseSeats(roster.seats, wanted, roster.file).map((seat): PlacedSeat => {
      const engine = records.find(({ id }) => id === seat.id)?.engine ?? seat.engine;
      return { id: seat.id, name: seat.name, engine, stack: stackOfSeat(roster, seat) };
    });
    return new ClassBoard(context, roster, seats);
  }

  /** Looks at every seat; one that can't be looked at is a row with the reason. */
  async look(): Promise<Board> {
    const startedAt = new Date();
    const { signal } = this.#context;
    const outcomes = await eachSeat(this.#seats, { jobs: looksAtOnce, signal }, (seat) => this.#lookAt(seat));
    signal.throwIfAborted();
    const views = new Map<string, SeatView>();
    const problems = new Map<string, SeatFault>();
    for (const [{ id }, outcome] of outcomes) {
      if (outcome.kind === "done") views.set(id, outcome.result);
      if (outcome.kind === "failed") problems.set(id, this.#problemOf(id, outcome.error));
    }
    const at = startedAt.toISOString();
    const { before, after } = await this.#record(
      new Map([...views].map(([id, { hosts }]) => [id, hosts])),
      at,
    );
    const rows = this.#seats.map((seat): BoardSeat => {
      const { lessonSince } = after;
      const history = { before: before?.seats[seat.id], after: after.seats[seat.id], lessonSince, at };
      const view = views.get(seat.id);
      if (view !== undefined) return seenSeat(seat, view, history);
      return unseenSeat(seat, problems.get(seat.id) ?? faultOf(new Error("not looked at")), history);
    });
    return {
      className: this.#roster.className,
      lookedAt: at,
      durationMs: Date.now() - startedAt.getTime(),
      lessonSince: after.lessonSince,
      steps: steps.map(({ id, title }) => ({ id, title })),
      seats: rows,
    };
  }

  async #lookAt(seat: PlacedSeat): Promise<SeatView> {
    const known = this.#lookers.get(seat.id);
    if (known !== undefined) return known.look();
    const looker = new SeatLooker(seatContext(await this.#onEngine(seat.engine), seat));
    this.#lookers.set(seat.id, looker);
    return looker.look();
  }

  /** A seat's lab is made by the class's own command: a plain `./lab up` would take it to the end of the chapter. */
  #problemOf(seat: string, error: unknown): SeatFault {
    const fault = faultOf(error);
    if (fault.code !== "LAB_NOT_UP") return fault;
    return { ...fault, hint: sameText(`./lab seats up ${this.#roster.file} --seat ${seat}`) };
  }

  async #onEngine(engine: string | undefined): Promise<LabContext> {
    const opening = this.#engines.get(engine) ?? onEngine(this.#context, engine);
    this.#engines.set(engine, opening);
    try {
      return await opening;
    } catch (error) {
      // It may answer at the next look.
      this.#engines.delete(engine);
      throw error;
    }
  }

  /** Read and written in one go, after the looks: another board of the same class may have written meanwhile. */
  async #record(looks: ReadonlyMap<string, readonly HostLook[]>, at: string) {
    const { paths, report } = this.#context;
    const file = progressFile(classFolder(paths, this.#roster.className));
    const { progress: before, brokenFile } = await readProgress(file);
    if (brokenFile !== undefined) {
      const name = relative(paths.root, file);
      const kept = relative(paths.root, brokenFile);
      report.say({
        en: `${name} could not be read: the board begins anew, and what was there is kept as ${kept}.`,
        ja: `${name} を読めないため、進み具合の記録を始め直します。元のファイルは ${kept} に残しました。`,
      });
    }
    const after = classAfter(before, looks, at);
    await writeProgress(file, after);
    return { before, after };
  }
}
