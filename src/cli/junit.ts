import type { CheckResult } from "../checks/check.ts";
import type { CheckReport } from "../lab/chapter/check.ts";
import type { Speak } from "./language.ts";

/**
 * A report as JUnit's XML, which build servers and learning platforms read: a suite a host, a case a check; what has
 * not passed is a failure, what could not be looked at is skipped.
 */
export function junitOf(report: CheckReport, speak: Speak): string {
  const hosts = [...new Set(report.results.map(({ host }) => host))];
  const suites = hosts.map((host) => {
    const results = report.results.filter((result) => result.host === host);
    return [
      `  <testsuite${attributes({ name: host, timestamp: report.startedAt, ...countsOf(results) })}>`,
      ...results.map((result) => caseOf(result, speak)),
      "  </testsuite>",
    ].join("\n");
  });
  const counts = attributes({
    name: `mail-lab ${report.stack}`,
    ...countsOf(report.results),
    time: (report.durationMs / 1000).toFixed(3),
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites${counts}>\n${suites.join("\n")}\n</testsuites>\n`;
}

function countsOf(results: readonly CheckResult[]): Record<string, string> {
  const count = (isIt: (result: CheckResult) => boolean): string => String(results.filter(isIt).length);
  return {
    tests: String(results.length),
    failures: count(({ status }) => status === "wrong" || status === "not-yet"),
    errors: "0",
    skipped: count(({ status }) => status === "unknown"),
  };
}

function caseOf(result: CheckResult, speak: Speak): string {
  const { host, id, step, title, status, cause = "" } = result;
  const open = `    <testcase${attributes({ classname: `${host}.${step}`, name: `${id} ${speak(title)}` })}`;
  if (status === "passed") return `${open}/>`;
  const { observed, expected, hint, where = "", blockedBy = "" } = result;
  const lines = [
    ...(observed === undefined ? [] : [speak(observed)]),
    ...(expected === undefined ? [] : [speak(expected)]),
    where,
    blockedBy,
    ...(hint === undefined ? [] : [speak(hint)]),
  ].filter((line) => line !== "");
  const message = attributes({ message: `${status}: ${cause}` });
  if (status === "unknown") return `${open}>\n      <skipped${message}/>\n    </testcase>`;
  return `${open}>\n      <failure${message}${attributes({ type: cause })}>${escaped(lines.join("\n"))}</failure>\n    </testcase>`;
}

function attributes(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escaped(value).replaceAll("\n", "&#10;")}"`)
    .join("");
}

/** Text as XML 1.0 has it: five signs by their names, and what no document may hold left out. */
function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, "");
}
