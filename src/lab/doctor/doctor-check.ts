import type { Text } from "../../model/text.ts";
import type { DoctorFacts, EngineFacts } from "./doctor-facts.ts";

/** `good`; `warning`: a lab may come up and something may not work; `bad`: `up` fails; `unknown`: can't be told. */
export type Level = "good" | "warning" | "bad" | "unknown";

/** What a check comes to. */
export interface Verdict {
  readonly level: Level;
  readonly found: Text;
}

/** One thing that can go wrong before `up`: what is looked at, what it should be, what mends it. */
export interface DoctorCheck {
  readonly id: string;
  readonly title: Text;
  /** What is wanted. */
  readonly wanted: Text;
  /** The one command, or the one thing to do, that mends it. */
  readonly mend: (facts: DoctorFacts) => Text;
  /** `undefined` where there is nothing to be said, as of an engine that does not answer. */
  readonly judge: (facts: DoctorFacts) => Verdict | undefined;
}

/** The verdict that nothing is wrong. */
export function good(found: Text): Verdict {
  return { level: "good", found };
}

/** An engine that answers, and what its stack's configuration says of it. */
type Answering = Extract<EngineFacts, { kind: "answers" }> & Pick<DoctorFacts, "configured">;

/** A check of the engine's own facts, where it answers. */
export function ofEngine(judge: (engine: Answering) => Verdict | undefined): DoctorCheck["judge"] {
  return ({ engine, configured }) =>
    engine.kind === "answers" ? judge({ ...engine, configured }) : undefined;
}

/** The verdict on something that can't be seen from this machine. */
export const unseen: Verdict = {
  level: "unknown",
  found: { en: "can't be seen from here", ja: "ここからは分かりません" },
};

/** What mends a thing that is never wrong. */
export const nothingToMend = (): Text => ({ en: "nothing has to be done", ja: "対処は不要です" });
