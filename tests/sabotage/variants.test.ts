import { describe, expect, it } from "vitest";
import { isFullRun } from "../support/full-run.ts";
import { showLabOnFailure } from "../support/show-lab-on-failure.ts";
import { checkLab } from "./lab-check.ts";
import { doChange, undoChange } from "./lab-breaker.ts";
import { variants } from "./rows/variants.ts";
import type { Variant } from "./sabotage.ts";
import { unexplained } from "./unexplained.ts";

const rowTimeoutMs = 600_000;

/** Everyday, a row for each check that names a difference, and those that need no restart of Postfix. */
function everydayRows(): readonly Variant[] {
  const proven = new Set<string>();
  return variants.filter(({ notes, deeds }) => {
    const isNew = notes.some(({ id }) => !proven.has(id));
    for (const { id } of notes) proven.add(id);
    return isNew || !deeds.some(({ lines }) => /restart .*postfix/.test(lines));
  });
}

const rows = isFullRun ? variants : everydayRows();
if (!isFullRun)
  console.error(
    `variants: skipped ${variants.length - rows.length} of ${variants.length}; ./lab test --full takes all`,
  );

describe("another right answer", () => {
  showLabOnFailure();

  it.each(rows.map((variant) => [variant.id, variant] as const))(
    "(%s) passes, and where it differs from the book that is said",
    async (_id, variant) => {
      try {
        await doChange(variant);
        const results = await checkLab();
        const lines = unexplained(results, []);
        expect(lines, lines.join("\n")).toEqual([]);
        const noted = results.filter(({ note }) => note !== undefined);
        expect(noted.map(({ host, id }) => `${host} ${id}`)).toEqual(
          variant.notes.map(({ host, id }) => `${host} ${id}`),
        );
      } finally {
        await undoChange(variant);
      }
    },
    rowTimeoutMs,
  );

  it("leaves a lab behind of which nothing has to be noted", async () => {
    const results = await checkLab();
    expect(unexplained(results, [])).toEqual([]);
    expect(results.filter(({ note }) => note !== undefined)).toEqual([]);
  });
});
