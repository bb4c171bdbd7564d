import { describe, expect, it } from "vitest";

import { isAtLeast, parseVersion } from "../../../toolchain/version.ts";

describe("a program's version", () => {
  it.each([
    ["go version go1.26.8 linux/amd64", [1, 26, 8]],
    ["v3.259.0-dev.0", [3, 259, 0]],
    ["20.10.24+dfsg1", [20, 10, 24]],
    ["go 1.25", [1, 25, 0]],
  ])("is read from %j", (text, version) => {
    expect(parseVersion(text)).toEqual(version);
  });

  it("is undefined where a text has none", () => {
    expect(parseVersion("devel")).toBeUndefined();
  });

  it("is compared by number, the first difference deciding", () => {
    expect(isAtLeast([1, 26, 0], [1, 25, 11])).toBe(true);
    expect(isAtLeast([1, 25, 11], [1, 25, 11])).toBe(true);
    expect(isAtLeast([1, 25, 9], [1, 25, 11])).toBe(false);
    expect(isAtLeast([2, 0, 0], [1, 99, 99])).toBe(true);
    expect(isAtLeast([3, 99, 0], [3, 259, 0])).toBe(false);
  });
});
