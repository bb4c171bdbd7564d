import { describe, expect, it } from "vitest";

import { failureReason, ToolchainError } from "../../../toolchain/toolchain-error.ts";

describe("a failure named inside another sentence", () => {
  it("loses its full stop in both languages", () => {
    const error = new ToolchainError("LAB_X", { en: "tar failed.", ja: "tar が失敗しました。" });
    expect(failureReason(error)).toEqual({ en: "tar failed", ja: "tar が失敗しました" });
  });

  it("is in its own words where it is not the toolchain's", () => {
    expect(failureReason(new Error("disk full"))).toEqual({ en: "disk full", ja: "disk full" });
    expect(failureReason("disk full")).toEqual({ en: "disk full", ja: "disk full" });
  });
});
