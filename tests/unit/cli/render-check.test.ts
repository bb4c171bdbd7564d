import { describe, expect, it } from "vitest";
import { junitOf } from "../../../src/cli/junit.ts";
import { speakerOf } from "../../../src/cli/language.ts";
import { fitRows, renderChanges, renderCheck } from "../../../src/cli/render-check.ts";
import { columnsOf } from "../../../src/cli/text-width.ts";
import type { CheckReport } from "../../../src/lab/chapter/check.ts";
import { stepResults } from "../../../src/checks/judge-lab.ts";
import type { CheckResult } from "../../../src/checks/check.ts";
import { judged, type LabChange, withMainCf } from "../checks/healthy-lab.ts";

function reportOf(
  change: LabChange = {},
  results: readonly CheckResult[] = [...judged(change).values()],
): CheckReport {
  return {
    stack: "dev",
    stage: "finished",
    startedAt: "2026-11-24T12:00:00.000Z",
    durationMs: 1234,
    status: results.every(({ status }) => status === "passed") ? "passed" : "wrong",
    steps: stepResults(results),
    results,
  };
}

const english = { speak: speakerOf("en"), isColoured: false };
const japanese = { speak: speakerOf("ja"), isColoured: false };
const misspelt = withMainCf({ inet_interfaces: "192.168.1.12", mydestination: "$mydomain, localhost" });

describe("a report for people", () => {
  it("is a table and one line where all has passed", () => {
    const lines = renderCheck(reportOf(), english).split("\n");
    expect(lines).toHaveLength(17);
    expect(lines.at(-1)).toMatch(/^All passed\. \d+ passed \(1\.2 s\)$/);
  });

  it("shows what is wrong with what was found, wanted, where and a hint, and notes below", () => {
    const text = renderCheck(reportOf(misspelt), english);
    expect(text).toContain("✖ host1 6.02/inet_interfaces");
    expect(text).toContain("[localhost-missing]");
    expect(text).toMatch(
      /found {3}inet_interfaces = 192\.168\.1\.12\n {4}wanted {2}inet_interfaces = localhost, 192\.168\.1\.12\n {4}where {3}\/etc\/postfix\/main\.cf:\d+\n {4}hint/,
    );
    expect(text).toContain("✔ host1 6.02/mydestination");
    expect(text).not.toContain("[blocked]");
  });

  it("keeps its columns in Japanese", () => {
    const rows = renderCheck(reportOf(misspelt), japanese).split("\n").slice(1, 15);
    const columns = rows.map((row) => columnsOf(row.slice(0, row.indexOf(row.includes("✖") ? "✖" : "✔"))));
    expect(new Set(columns).size).toBe(1);
  });

  it("leaves the end away where a screen is too small, and says so", () => {
    expect(fitRows("a\nb\nc\nd", 3)).toBe("a\nb\n…");
    expect(fitRows("a\nb\nc", 3)).toBe("a\nb\nc");
  });
});

describe("changes between two reports", () => {
  it("are a line each, all of them at first", () => {
    const first = renderChanges(reportOf(), undefined, english);
    expect(first).toHaveLength(reportOf().results.length);
    const changed = renderChanges(reportOf(misspelt), reportOf(), english);
    expect(changed).toEqual([
      "12:00:00 ✖ host1 6.02/inet_interfaces Postfix takes mail on localhost and the host's address: wrong [localhost-missing]",
    ]);
    expect(renderChanges(reportOf(misspelt), reportOf(misspelt), english)).toEqual([]);
  });
});

describe("a report as JUnit XML", () => {
  it("counts what has failed and what could not be looked at", () => {
    const xml = junitOf(
      reportOf({ host2: { failure: { cause: "host-unreachable", observed: { en: "no", ja: "no" } } } }),
      english.speak,
    );
    expect(xml).toMatch(/<testsuite name="host1" [^>]*failures="0"/);
    expect(xml).toMatch(/<testsuite name="host2" [^>]*failures="1" errors="0" skipped="4\d"/);
    expect(xml.match(/<skipped /g)?.length).toBe(Number(/name="host2" .*skipped="(\d+)"/.exec(xml)?.[1]));
  });

  it("escapes what a student may have written, and leaves out what no XML may hold", () => {
    const [first] = [...judged().values()];
    if (first === undefined) throw new Error("there are checks");
    const observed = '<b> & "quotes" \u0000\u001b[31m\ud800 end';
    const result = {
      ...first,
      status: "wrong",
      cause: "value-wrong",
      observed: { en: observed, ja: observed },
    } as const;
    const xml = junitOf(reportOf({}, [result]), english.speak);
    expect(xml).toContain("&lt;b&gt; &amp; &quot;quotes&quot; [31m end");
    // eslint-disable-next-line no-control-regex -- these are what it is about
    expect(xml).not.toMatch(/[\u0000\u001b]/);
  });
});
