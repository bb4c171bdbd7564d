import pLimit from "p-limit";
import { LabError } from "../model/lab-error.ts";

/** What became of the work on one seat. */
export type SeatOutcome<Result> =
  | { readonly kind: "done"; readonly result: Result }
  /** It threw, and the others went on. */
  | { readonly kind: "failed"; readonly error: unknown }
  /** Ctrl-C ended it in order. */
  | { readonly kind: "interrupted"; readonly error: unknown }
  /** Ctrl-C came before it was its turn. */
  | { readonly kind: "not-begun" };

/** How many seats are worked on at once, and what ends the work. */
export interface EachSeatOptions {
  readonly jobs: number;
  readonly signal: AbortSignal;
}

/**
 * Works on every seat, so many at once. One that fails does not stop the others; once the signal aborts, no further
 * one begins, and those that run are waited for.
 *
 * @returns what became of each, in the seats' order.
 */
export async function eachSeat<Seat, Result>(
  seats: readonly Seat[],
  { jobs, signal }: EachSeatOptions,
  work: (seat: Seat) => Promise<Result>,
): Promise<readonly (readonly [Seat, SeatOutcome<Result>])[]> {
  const limit = pLimit(jobs);
  return Promise.all(
    seats.map((seat) =>
      limit(async (): Promise<readonly [Seat, SeatOutcome<Result>]> => {
        if (signal.aborted) return [seat, { kind: "not-begun" }];
        try {
          return [seat, { kind: "done", result: await work(seat) }];
        } catch (error) {
          return [seat, { kind: isInterrupt(error, signal) ? "interrupted" : "failed", error }];
        }
      }),
    ),
  );
}

/** Whatever is thrown after Ctrl-C and is no sentence of the lab's own only came of it. */
function isInterrupt(error: unknown, signal: AbortSignal): boolean {
  return signal.aborted && (!(error instanceof LabError) || error.code === "LAB_INTERRUPTED");
}
