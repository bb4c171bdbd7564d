import { setMaxListeners } from "node:events";
import type { SeatFault } from "./class-record.ts";
import type { LabContext } from "../lab/lab-context.ts";
import { eachSeat, type SeatOutcome } from "./each-seat.ts";
import { faultOf } from "./seat-fault.ts";
import type { SeatVoice } from "./seat-context.ts";

/** A seat as it is named to people, with its lab. */
export interface NamedSeat {
  readonly id: string;
  readonly name: string;
  readonly stack: string;
}

/** What can be shown of a seat while a command works on its class. */
export interface SeatProgress {
  readonly id: string;
  readonly phase: "waiting" | "working" | SeatOutcome<unknown>["kind"];
  /** The newest line of what goes on, in the engine's words. */
  readonly line?: string;
  /** How long the work took; absent while it goes on. */
  readonly tookMs?: number;
  readonly fault?: SeatFault;
}

/** Is told of everything that happens at a seat. */
export type SeatWatch = (progress: SeatProgress) => void;

/** What the work on a seat came to. */
export interface SeatReport<Result> extends NamedSeat {
  readonly outcome: SeatOutcome<Result>["kind"];
  /** Absent where it was not its turn. */
  readonly tookMs?: number;
  readonly result?: Result;
  readonly fault?: SeatFault;
}

/** How a class is worked on. */
export interface SeatWork {
  /** How many seats at once. */
  readonly jobs: number;
  readonly watch: SeatWatch;
}

/** Works on seats, so many at once, and tells a watcher; what fails at one seat is its report and stops no other. */
export async function workOnSeats<Seat extends NamedSeat, Result>(
  { signal, engineSignal }: Pick<LabContext, "signal" | "engineSignal">,
  seats: readonly Seat[],
  { jobs, watch }: SeatWork,
  work: (seat: Seat, voice: SeatVoice) => Promise<Result>,
): Promise<readonly SeatReport<Result>[]> {
  // Each start of Pulumi's engine listens for the interrupt, and a class has many.
  setMaxListeners(0, signal, engineSignal);
  for (const { id } of seats) watch({ id, phase: "waiting" });
  const tookMs = new Map<string, number>();
  const outcomes = await eachSeat(seats, { jobs, signal }, async (seat) => {
    const { id } = seat;
    const startedMs = performance.now();
    watch({ id, phase: "working" });
    const end = (phase: SeatProgress["phase"], fault?: SeatFault): void => {
      const took = Math.round(performance.now() - startedMs);
      tookMs.set(id, took);
      watch({ id, phase, tookMs: took, ...(fault && { fault }) });
    };
    try {
      const result = await work(seat, (line) => {
        watch({ id, phase: "working", line });
      });
      end("done");
      return result;
    } catch (error) {
      end(signal.aborted ? "interrupted" : "failed", faultOf(error));
      throw error;
    }
  });
  return outcomes.map(([{ id, name, stack }, outcome]) => {
    const took = tookMs.get(id);
    return {
      id,
      name,
      stack,
      outcome: outcome.kind,
      ...(took === undefined ? {} : { tookMs: took }),
      ...(outcome.kind === "done" ? { result: outcome.result } : {}),
      ...(outcome.kind === "failed" ? { fault: faultOf(outcome.error) } : {}),
    };
  });
}
