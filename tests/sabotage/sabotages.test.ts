import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isFullRun } from "../support/full-run.ts";
import { showLabOnFailure } from "../support/show-lab-on-failure.ts";
import { doChange, hindranceTo, undoChange } from "./lab-breaker.ts";
import { checkLab } from "./lab-check.ts";
import type { Sabotage } from "./sabotage.ts";
import { sabotages } from "./sabotages.ts";
import { unexplained } from "./unexplained.ts";

/** A check waits for a mail that does not come; breaking and mending restarts services. */
const rowTimeoutMs = 600_000;

/** Rows by name, for whoever works on one: `mx-missing,mx-wrong`. */
const named = process.env["MAIL_LAB_SABOTAGES"]?.split(",");

/** How many restarts of Postfix, the slowest deed, a row takes. */
function restartsOf({ deeds, mends }: Sabotage): number {
  return [...deeds, ...mends].filter(({ lines }) => /restart .*postfix/.test(lines)).length;
}

/** Everyday, a row for each cause that there is, the quickest; the others are more of the same. */
function everydayRows(): readonly Sabotage[] {
  const proven = new Set<string>();
  const chosen = sabotages
    .toSorted((left, right) => restartsOf(left) - restartsOf(right))
    .filter(({ finds }) => {
      const isNew = finds.some(({ cause }) => !proven.has(cause));
      for (const { cause } of finds) proven.add(cause);
      return isNew;
    });
  return sabotages.filter((row) => chosen.includes(row));
}

function rowsOfThisRun(): readonly Sabotage[] {
  if (named !== undefined) return sabotages.filter(({ id }) => named.includes(id));
  if (isFullRun) return sabotages;
  const rows = everydayRows();
  const leftOut = sabotages.length - rows.length;
  console.error(
    `sabotages: skipped ${leftOut} of ${sabotages.length}; ./lab test --full takes all, and looks for green after each`,
  );
  return rows;
}

async function expectFindings(finds: Sabotage["finds"]): Promise<void> {
  const lines = unexplained(await checkLab(), finds);
  expect(lines, lines.join("\n")).toEqual([]);
}

async function expectAllGreen(): Promise<void> {
  await expectFindings([]);
}

describe("a sabotage of the finished lab", () => {
  showLabOnFailure();
  beforeAll(expectAllGreen);
  // Everyday the next row shows that one was mended, since nothing but its own findings may be there; and this the last.
  afterAll(expectAllGreen);

  it.each(rowsOfThisRun().map((row) => [row.id, row] as const))(
    "(%s) is found for its own reason, and all is well again once it is mended",
    async (_id, row) => {
      const hindrance = hindranceTo(row);
      if (hindrance !== undefined) {
        console.error(`sabotages: ${row.id} skipped, ${hindrance}`);
        return;
      }
      try {
        await doChange(row);
        await expectFindings(row.finds);
      } finally {
        await undoChange(row);
      }
      if (isFullRun) await expectAllGreen();
    },
    rowTimeoutMs,
  );
});
