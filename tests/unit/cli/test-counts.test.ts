import { describe, expect, it } from "vitest";
import { closingLines } from "../../../src/cli/commands/test.ts";

describe("the end of ./lab test", () => {
  it("is one line of a fixed form", () => {
    expect(closingLines({ passed: 12, failed: 3, skipped: 0 })).toEqual(["12 passed, 3 failed"]);
  });

  it("has what was skipped on a line of its own before it", () => {
    expect(closingLines({ passed: 12, failed: 0, skipped: 2 })).toEqual(["2 skipped", "12 passed, 0 failed"]);
  });
});
