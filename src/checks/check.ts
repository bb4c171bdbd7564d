/*
 * The contract of the grader.
 *
 * A check is data and a pure judge: what was observed of the lab (`Scene`, observation.ts) comes in, a verdict goes
 * out. Nothing is asked of a host while it judges, so each judge is tested with recorded observations.
 *
 *   id      `6.02/inet_interfaces`: the step and what is looked at; `foundation/…` is what the chapter stands on
 *   status  passed    it works as the step wants it (`note` says where it differs from the book)
 *           not-yet   still as it was before the step: absent, untouched, a package's default
 *           wrong     touched, and not right
 *           unknown   could not be looked at, or failed for a reason that another check names: see `blockedBy`
 *   cause   stable word for why it has not passed (cause.ts has them all)
 *
 * A failed check names its own reason only. Where a judge does not pass and one of the checks in its `needs` has
 * not passed either, that one is the reason: the result becomes `not-yet` (cause `step-before`) where the needed
 * one is not yet done, and `unknown` (cause `blocked`) where it is wrong; `blockedBy` has its host and id. A judge
 * that passes needs nobody. `needs` names checks of the same host, or of every other host (`6.04/running@others`).
 * Where a host can't be looked at, all its checks are `unknown` but those that are `isBlind` to the host itself.
 *
 * `after` names checks without which one that could pass by itself (a service that a package starts) says nothing
 * yet: while all of them are `not-yet`, this one is too, whatever its judge says.
 *
 * So a result's cause is its own unless it is `step-before` or `blocked`, which are another check's consequences.
 *
 * A step passes on a host when all its checks do: that is what turns from `not-yet` to `passed` at the step.
 */
import type { Text } from "../model/text.ts";
import type { Cause } from "./cause.ts";
import type { Scene } from "./observation.ts";

/** How a check came out; from good to bad: passed, not-yet, unknown, wrong. */
export type CheckStatus = "passed" | "not-yet" | "unknown" | "wrong";

/** What a judge says of a scene. */
export type Verdict = PassedVerdict | FailedVerdict;

/** It is as the step wants it. */
export interface PassedVerdict {
  readonly status: "passed";
  /** What was observed, where a reader wants to see it. */
  readonly observed?: Text;
  /** It works and differs from the book: how. */
  readonly note?: Text;
}

/** It is not as the step wants it. */
export interface FailedVerdict {
  readonly status: "not-yet" | "wrong" | "unknown";
  readonly cause: Cause;
  readonly observed: Text;
  readonly expected: Text;
  /** `/etc/postfix/main.cf:12`, or the command that shows it. */
  readonly where: string;
  readonly hint: Text;
}

/** One thing that is looked at on every mail host. */
export interface Check {
  readonly id: CheckId;
  readonly title: Text;
  readonly needs?: readonly (CheckId | `${CheckId}@others`)[];
  readonly after?: readonly CheckId[];
  /** Whether it can be judged where the host itself could not be looked at. */
  readonly isBlind?: true;
  readonly judge: (scene: Scene) => Verdict;
}

/** The step, or `foundation`, and what is looked at. */
export type CheckId = `${string}/${string}`;

/** A check's result on one host. */
export interface CheckResult {
  readonly host: string;
  readonly id: CheckId;
  /** `foundation` or the step's id. */
  readonly step: string;
  readonly title: Text;
  readonly status: CheckStatus;
  readonly cause?: Cause;
  /** The check that is the reason, `host2 6.04/running`. */
  readonly blockedBy?: string;
  readonly observed?: Text;
  readonly expected?: Text;
  readonly where?: string;
  readonly hint?: Text;
  readonly note?: Text;
}

/** The step that a check's id begins with. */
export function stepOf(id: CheckId): string {
  return id.slice(0, id.indexOf("/"));
}
