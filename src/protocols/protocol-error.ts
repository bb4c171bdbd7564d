import { exitCode, LabError } from "../model/lab-error.ts";

/** What a protocol client says about a call that did not give its answer. */
export interface ProtocolFailure {
  /** Stable name of the failure, such as `LAB_SMTP_NO_ANSWER`. */
  code: `LAB_${string}`;
  /** What was tried, such as `reading the SMTP greeting`. */
  what: string;
  /** The other side, such as `127.0.0.1:2525`. */
  where: string;
  /** What came instead of the answer. */
  observed: string;
  /** The time that was given, where time was the limit. */
  budgetMs?: number;
  /** The next thing to try. */
  hint?: string;
  /** More lines that help, such as the output up to now. */
  details?: string;
  cause?: unknown;
}

/** The error for a call to a server that did not give its answer: what, where, observed and budget in one sentence. */
export function protocolError(failure: ProtocolFailure): LabError {
  const budget = failure.budgetMs === undefined ? "" : ` (limit ${formatSeconds(failure.budgetMs)})`;
  return new LabError(failure.code, `${failure.what} at ${failure.where}: ${failure.observed}${budget}`, {
    exit: exitCode.unreachable,
    cause: failure.cause,
    ...(failure.hint === undefined ? {} : { hint: failure.hint }),
    ...(failure.details === undefined ? {} : { details: failure.details.split("\n") }),
  });
}

/** Milliseconds as people read them: `10 s`, `0.25 s`. */
export function formatSeconds(durationMs: number): string {
  return `${Number((durationMs / 1000).toFixed(2))} s`;
}

/** The text of whatever was thrown, with the system's code where the text alone is empty. */
export function describeCause(cause: unknown): string {
  if (cause instanceof AggregateError && cause.message === "") {
    return cause.errors.map(describeCause).join("; ");
  }
  return cause instanceof Error ? cause.message : String(cause);
}
