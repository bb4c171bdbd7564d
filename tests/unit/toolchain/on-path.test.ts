import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

import { describe, expect, it } from "vitest";

import { findOnPath, pathWith } from "../../../toolchain/on-path.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

describe("a search path", () => {
  it("gets folders in front, each folder once", () => {
    expect(pathWith(["/lab/bin", "/usr/bin"], "/usr/local/bin:/usr/bin::/bin")).toBe(
      "/lab/bin:/usr/bin:/usr/local/bin:/bin",
    );
  });

  it("finds every executable of a name in order, and neither folders nor plain files", () => {
    using folder = temporaryFolder();
    const folders = ["a", "b", "c", "d"].map((name) => path.join(folder.path, name));
    for (const name of folders) mkdirSync(name);
    const [a = "", b = "", c = "", d = ""] = folders;
    mkdirSync(path.join(a, "go"));
    writeFileSync(path.join(b, "go"), "");
    for (const name of [c, d]) {
      writeFileSync(path.join(name, "go"), "");
      chmodSync(path.join(name, "go"), 0o755);
    }
    expect(findOnPath("go", folders.join(":"))).toEqual([path.join(c, "go"), path.join(d, "go")]);
  });
});
