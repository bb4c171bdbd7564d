import { sameText, type Text } from "../model/text.ts";
import type { Cause } from "./cause.ts";
import type { FailedVerdict, PassedVerdict } from "./check.ts";

/** What the value of a parameter or a setting comes to. */
export type ValueJudgement =
  | { readonly isRight: true; readonly note?: Text }
  | { readonly isRight: false; readonly cause: Cause; readonly hint: Text };

/** What is said of a value that nobody has touched. */
export const packageValueHint: Text = {
  en: "This is still the value that the package brought.",
  ja: "パッケージの初期値のままです。",
};

/** It is as the step wants it; `note` says how it differs from the book. */
export function passed(note?: Text): PassedVerdict {
  return { status: "passed", ...(note === undefined ? {} : { note }) };
}

/** What a failed verdict is made from: names and values stand as they are, sentences come in both languages. */
interface Failure extends Omit<FailedVerdict, "status" | "observed" | "expected"> {
  readonly observed: Text | string;
  readonly expected: Text | string;
}

/** Still as it was before the step. */
export function notYet(failure: Failure): FailedVerdict {
  return { ...spelledOut(failure), status: "not-yet" };
}

/** Touched, and not right. */
export function wrong(failure: Failure): FailedVerdict {
  return { ...spelledOut(failure), status: "wrong" };
}

/** The host gave no answer to the question. */
export function unknown(failure: Omit<Failure, "cause">): FailedVerdict {
  return { ...spelledOut({ ...failure, cause: "not-observed" }), status: "unknown" };
}

function spelledOut(failure: Failure): Omit<FailedVerdict, "status"> {
  const { observed, expected } = failure;
  return {
    ...failure,
    observed: typeof observed === "string" ? sameText(observed) : observed,
    expected: typeof expected === "string" ? sameText(expected) : expected,
  };
}
