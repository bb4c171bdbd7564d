import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { catalogue } from "../../../src/checks/catalogue.ts";
import type { CheckResult } from "../../../src/checks/check.ts";
import { projectRoot } from "../../../src/lab/lab-paths.ts";
import { renderTable } from "../../sabotage/render-table.ts";
import { variants } from "../../sabotage/rows/variants.ts";
import { sabotages } from "../../sabotage/sabotages.ts";
import { unexplained } from "../../sabotage/unexplained.ts";

const known = new Set<string>(catalogue.map(({ id }) => id));

describe("the table of sabotages", () => {
  it("has a name of its own for each row", () => {
    const ids = [...sabotages, ...variants].map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)]);
  });

  it("names only checks that there are", () => {
    const named = [...sabotages.flatMap(({ finds }) => finds), ...variants.flatMap(({ notes }) => notes)];
    expect(named.map(({ id }) => id).filter((id) => !known.has(id))).toEqual([]);
  });

  it("expects each sabotage to be found", () => {
    expect(sabotages.filter(({ finds }) => finds.length === 0).map(({ id }) => id)).toEqual([]);
  });

  it("is what docs/sabotages.md says (vitest -u writes the page anew)", async () => {
    await expect(renderTable(sabotages, variants)).toMatchFileSnapshot(
      join(projectRoot, "docs", "sabotages.md"),
    );
  });
});

const title = { en: "", ja: "" };
const common = { step: "6.04", title } as const;
const stopped: CheckResult = {
  ...common,
  host: "host1",
  id: "6.04/running",
  status: "wrong",
  cause: "service-stopped",
};
const blocked: CheckResult = {
  ...common,
  host: "host2",
  id: "6.07/delivery",
  status: "unknown",
  cause: "blocked",
  blockedBy: "host1 6.04/running",
};
const finding = { host: "host1", id: "6.04/running", cause: "service-stopped" } as const;

describe("what a check says otherwise than the table", () => {
  it("is nothing where the finding is there and the rest only follows from it", () => {
    expect(unexplained([stopped, blocked], [finding])).toEqual([]);
  });

  it("is a finding that is not there, or is there for another reason", () => {
    expect(unexplained([{ ...stopped, status: "passed" }], [finding])).toHaveLength(1);
    expect(unexplained([{ ...stopped, cause: "service-failed" }], [finding])).toHaveLength(1);
    expect(unexplained([], [finding])).toHaveLength(1);
  });

  it("is a failure that is not in the table", () => {
    const own: CheckResult = { ...blocked, status: "wrong", cause: "mail-deferred" };
    expect(unexplained([stopped, own], [finding])).toHaveLength(1);
  });

  it("is a failure that names another reason than a finding", () => {
    const elsewhere: CheckResult = { ...blocked, blockedBy: "host2 6.05/account" };
    expect(unexplained([stopped, elsewhere], [finding])).toHaveLength(1);
  });
});
