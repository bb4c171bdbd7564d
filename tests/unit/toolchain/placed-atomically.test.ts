import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";

import { describe, expect, it } from "vitest";

import { placeAtomically } from "../../../toolchain/placed-atomically.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

describe("placing a part", () => {
  it("leaves nothing at its place or beside it when making it fails", async () => {
    using folder = temporaryFolder();
    const target = path.join(folder.path, "bin");
    const placing = placeAtomically(target, async (unfinished) => {
      await mkdir(unfinished);
      await writeFile(path.join(unfinished, "half"), "");
      throw new Error("disk full");
    });
    await expect(placing).rejects.toThrow("disk full");
    expect(readdirSync(folder.path)).toEqual([]);
  });

  it("keeps what was there until the new one is whole", async () => {
    using folder = temporaryFolder();
    const target = path.join(folder.path, "base.tar");
    writeFileSync(target, "old");
    await placeAtomically(target, async (unfinished) => {
      expect(readFileSync(target, "utf8")).toBe("old");
      await writeFile(unfinished, "new");
    });
    expect(readFileSync(target, "utf8")).toBe("new");
  });

  it("removes what an interrupted run left, and nothing else", async () => {
    using folder = temporaryFolder();
    const target = path.join(folder.path, "go");
    mkdirSync(`${target}.part-1`);
    mkdirSync(path.join(folder.path, "gopher"));
    await placeAtomically(target, async (unfinished) => {
      await mkdir(unfinished);
    });
    expect(readdirSync(folder.path).sort()).toEqual(["go", "gopher"]);
    expect(existsSync(target)).toBe(true);
  });
});
