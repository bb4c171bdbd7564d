import { exitCode, LabError } from "../model/lab-error.ts";
import { sameText, type Text } from "../model/text.ts";

/** What a protocol client says about a call that did not give its answer. */
export interface ProtocolFailure {
  /** Stable name of the failure, such as `LAB_SMTP_NO_ANSWER`. */
  code: `LAB_${string}`;
  /** What was tried, as a noun: `reading the SMTP greeting`. */
  what: Text;
  /** The other side, such as `127.0.0.1:2525`. */
  where: string;
  /** What came instead of the answer. */
  observed: Text;
  /** The time that was given, where time was the limit. */
  budgetMs?: number;
  /** The next thing to try. */
  hint?: Text;
  /** More that helps, such as the output up to now. */
  details?: string;
  cause?: unknown;
}

/** The error for a call to a server that did not give its answer: what, where, observed and budget in one sentence. */
export function protocolError(failure: ProtocolFailure): LabError {
  const { code, what, where, observed, budgetMs, hint, details, cause } = failure;
  const isLimited = budgetMs !== undefined;
  const text = {
    en: `${what.en} at ${where}: ${observed.en}${isLimited ? ` (limit ${formatSeconds(budgetMs).en})` : ""}`,
    ja: `${where} ${what.ja}: ${observed.ja}${isLimited ? `（制限時間 ${formatSeconds(budgetMs).ja}）` : ""}`,
  };
  return new LabError(code, text, {
    exit: exitCode.unreachable,
    cause,
    ...(hint === undefined ? {} : { hint }),
    ...(details === undefined ? {} : { details: details.split("\n") }),
  });
}

/** Milliseconds as people read them: `10 s`, `0.25 s`. */
export function formatSeconds(durationMs: number): Text {
  const seconds = Number((durationMs / 1000).toFixed(2));
  return { en: `${seconds} s`, ja: `${seconds} 秒` };
}

/** The words of whatever was thrown. */
export function describeCause(cause: unknown): Text {
  if (cause instanceof LabError) return cause.text;
  // a name with several addresses that all refuse gives an aggregate without words of its own
  if (cause instanceof AggregateError && cause.message === "") return describeCause(cause.errors[0]);
  return sameText(cause instanceof Error ? cause.message : String(cause));
}

/** The hint where a service does not answer. */
export const statusHint: Text = {
  en: "See what runs: ./lab status",
  ja: "動いているものを確認する: ./lab status",
};

/** The hint where a login was refused. */
export const passwordHint: Text = {
  en: "See the lab's passwords: ./lab passwords",
  ja: "パスワードを確認する: ./lab passwords",
};
