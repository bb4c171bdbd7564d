import type { CheckResult } from "../../src/checks/check.ts";
import type { Finding } from "./sabotage.ts";

/** Causes of results that only say that another check is the reason. */
const derivedCauses: ReadonlySet<string> = new Set(["blocked", "step-before"]);

function nameOf({ host, id }: { readonly host: string; readonly id: string }): string {
  return `${host} ${id}`;
}

function lineOf({ host, id, status, cause, blockedBy }: CheckResult): string {
  return `${host} ${id}: ${[status, cause, blockedBy && `(${blockedBy})`].filter((word) => word !== undefined).join(" ")}`;
}

/**
 * What the results of a check say otherwise than a row of the table: one line each, none where they say just that.
 *
 * What fails by itself has to be one of the findings, with its cause. What fails because another check does has to
 * lead to a finding; it is nothing of its own.
 */
export function unexplained(results: readonly CheckResult[], finds: readonly Finding[]): readonly string[] {
  const byName = new Map(results.map((result) => [nameOf(result), result]));
  const notFound = finds.flatMap((finding): string[] => {
    const result = byName.get(nameOf(finding));
    if (result === undefined) return [`${nameOf(finding)}: no such check`];
    return result.status !== "passed" && result.cause === finding.cause
      ? []
      : [`${nameOf(finding)} should be ${finding.cause}, and is ${result.cause ?? result.status}`];
  });
  const roots = new Set(finds.map(nameOf));
  const leadsToRoot = (result: CheckResult, way: ReadonlySet<string>): boolean => {
    if (roots.has(nameOf(result))) return true;
    if (!derivedCauses.has(result.cause ?? "") || result.blockedBy === undefined || way.has(nameOf(result)))
      return false;
    const reason = byName.get(result.blockedBy);
    return reason !== undefined && leadsToRoot(reason, new Set([...way, nameOf(result)]));
  };
  const tooMuch = results
    .filter((result) => result.status !== "passed" && !leadsToRoot(result, new Set()))
    .map((result) => `not in the table: ${lineOf(result)}`);
  return [...notFound, ...tooMuch];
}
