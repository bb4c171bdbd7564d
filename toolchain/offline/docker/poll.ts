import { setTimeout as sleep } from "node:timers/promises";

/** Limits of a wait, in milliseconds. */
export interface PollLimits {
  readonly timeoutMs: number;
  readonly intervalMs: number;
  readonly signal: AbortSignal;
}

/**
 * Looks again and again until there is an answer.
 * @returns the answer, or undefined when none came in time.
 */
export async function poll<T>(
  look: () => Promise<T | undefined>,
  limits: PollLimits,
): Promise<T | undefined> {
  const deadline = performance.now() + limits.timeoutMs;
  for (;;) {
    limits.signal.throwIfAborted();
    const answer = await look();
    if (answer !== undefined) return answer;
    if (performance.now() + limits.intervalMs > deadline) return undefined;
    await sleep(limits.intervalMs, undefined, { signal: limits.signal });
  }
}
