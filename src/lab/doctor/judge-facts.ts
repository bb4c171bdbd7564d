import { exitCode } from "../../model/lab-error.ts";
import type { Text } from "../../model/text.ts";
import type { Level } from "./doctor-check.ts";
import { doctorChecks } from "./doctor-checks.ts";
import type { DoctorFacts } from "./doctor-facts.ts";

/** One check's result as it is shown. */
export interface Finding {
  readonly id: string;
  readonly title: Text;
  readonly level: Level;
  readonly found: Text;
  readonly wanted: Text;
  /** What mends it; absent where it is good. */
  readonly mend?: Text;
}

/** Judges what was found by every check that has something to say of it. */
export function judgeFacts(facts: DoctorFacts): readonly Finding[] {
  return doctorChecks.flatMap(({ id, title, wanted, mend, judge }) => {
    const verdict = judge(facts);
    if (verdict === undefined) return [];
    const isWrong = verdict.level === "bad" || verdict.level === "warning";
    return [{ id, title, wanted, ...verdict, ...(isWrong ? { mend: mend(facts) } : {}) }];
  });
}

/** The exit code of findings: 4 where no engine answers, 1 where `up` would fail, 3 for warnings alone. */
export function exitOf(findings: readonly Finding[]): number {
  const bad = findings.filter(({ level }) => level === "bad");
  if (bad.some(({ id }) => id === "engine")) return exitCode.unreachable;
  if (bad.length > 0) return exitCode.checkFailed;
  return findings.some(({ level }) => level === "warning") ? exitCode.warnings : exitCode.good;
}
