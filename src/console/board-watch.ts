import { setTimeout as pause } from "node:timers/promises";
import type { Board } from "../seats/board.ts";
import type { BoardSeat } from "../seats/board-seat.ts";
import type { BoardMessage, SeatBoard, SeatRow } from "./api.ts";
import { problemOf } from "./problem.ts";

/** Between the end of a look at a class and the next one: the hosts have other work. */
const restMs = 10_000;

/** Looks at a class for all pages that show it, and not at all where there is none. */
export class BoardWatch {
  readonly #look: () => Promise<Board>;
  readonly #isNameless: boolean;
  readonly #signal: AbortSignal;
  readonly #listeners = new Set<(message: BoardMessage) => void>();
  #isRunning = false;
  #last: SeatBoard | undefined;

  constructor(look: () => Promise<Board>, isNameless: boolean, signal: AbortSignal) {
    this.#look = look;
    this.#isNameless = isNameless;
    this.#signal = signal;
  }

  get last(): SeatBoard | undefined {
    return this.#last;
  }

  /**
   * Tells the last board at once, and then each new one.
   *
   * @returns what ends it.
   */
  listen(listener: (message: BoardMessage) => void): () => void {
    if (this.#last !== undefined) listener({ kind: "board", board: this.#last });
    this.#listeners.add(listener);
    if (!this.#isRunning) void this.#run();
    return () => {
      this.#listeners.delete(listener);
    };
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    try {
      while (this.#listeners.size > 0 && !this.#signal.aborted) {
        this.#tell(await this.#message());
        await pause(restMs, undefined, { signal: this.#signal }).catch(() => undefined);
      }
    } finally {
      this.#isRunning = false;
    }
  }

  async #message(): Promise<BoardMessage> {
    try {
      this.#last = boardOf(await this.#look(), this.#isNameless);
      return { kind: "board", board: this.#last };
    } catch (error) {
      return { kind: "problem", problem: problemOf(error) };
    }
  }

  #tell(message: BoardMessage): void {
    if (this.#signal.aborted) return;
    for (const listener of this.#listeners) listener(message);
  }
}

/** A board as the page has it. */
function boardOf({ className, lookedAt, durationMs, steps, seats }: Board, isNameless: boolean): SeatBoard {
  return { className, lookedAt, durationMs, steps, seats: seats.map((seat) => rowOf(seat, isNameless)) };
}

function rowOf(seat: BoardSeat, isNameless: boolean): SeatRow {
  const common = { seat: seat.seat, name: isNameless ? "" : seat.name, lab: seat.stack, state: seat.state };
  if (seat.state === "unseen") {
    const { code, text, hint } = seat.problem;
    return { ...common, steps: {}, passedCount: 0, problem: { code, text, ...(hint && { hint }) } };
  }
  const [finding] = seat.findings;
  return {
    ...common,
    steps: Object.fromEntries(Object.entries(seat.steps).map(([step, { status }]) => [step, status])),
    passedCount: seat.passedCount,
    ...(seat.current !== undefined && { current: seat.current }),
    ...(finding && {
      finding: { host: finding.host, title: finding.title, ...(finding.hint && { hint: finding.hint }) },
    }),
    ...(seat.stuckMs !== undefined && { stuckMs: seat.stuckMs }),
  };
}
