import { describe, expect, it } from "vitest";
import { showLabOnFailure } from "../support/show-lab-on-failure.ts";
import { checkLab } from "./lab-check.ts";
import { doChange, undoChange } from "./lab-breaker.ts";
import { variants } from "./rows/variants.ts";
import { unexplained } from "./unexplained.ts";

const rowTimeoutMs = 120_000;

describe("another right answer", () => {
  showLabOnFailure();

  it.each(variants.map((variant) => [variant.id, variant] as const))(
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
