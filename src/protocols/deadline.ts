import { LabError } from "../model/lab-error.ts";
import type { Text } from "../model/text.ts";

/**
 * The time a call to a server may take, joined with the caller's own signal. It is a fixed point in time:
 * several reads under one deadline share its budget.
 */
export class Deadline {
  readonly budgetMs: number;
  /** Aborts when the time is over or the caller gave up. */
  readonly signal: AbortSignal;
  readonly #timeout: AbortSignal;

  constructor(budgetMs: number, callerSignal?: AbortSignal) {
    this.budgetMs = budgetMs;
    this.#timeout = AbortSignal.timeout(budgetMs);
    this.signal = callerSignal === undefined ? this.#timeout : AbortSignal.any([this.#timeout, callerSignal]);
  }

  /** Whether the time was over, rather than the caller having given up. */
  get isOver(): boolean {
    return this.#timeout.aborted;
  }

  /**
   * Waits for the promise until the deadline.
   *
   * @param describe makes the error for a wait that is over, of what was observed
   * @throws what `describe` makes, or what the promise throws
   */
  async race<T>(
    promise: Promise<T>,
    describe: (observed: Text) => Error = (observed) => new LabError("LAB_DEADLINE", observed),
  ): Promise<T> {
    const { signal } = this;
    if (signal.aborted) {
      promise.catch(() => undefined); // the answer no longer matters, and must not end the process
      throw describe(this.#observed());
    }
    const { promise: aborted, reject } = Promise.withResolvers<never>();
    const onAbort = () => {
      reject(describe(this.#observed()));
    };
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      return await Promise.race([promise, aborted]);
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  }

  #observed(): Text {
    return this.isOver
      ? { en: "no answer in time", ja: "時間内に応答がありません" }
      : { en: "given up by the caller", ja: "呼び出し側が取りやめました" };
  }
}
