import { mkdtemp, readFile, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { progressFile, readProgress, writeProgress } from "../../../src/seats/progress-record.ts";
import { classAfter } from "../../../src/seats/progress.ts";

const progress = classAfter(
  undefined,
  new Map([
    ["s1", [{ host: "host1", container: "c1", steps: { "6.01": "passed", "6.02": "wrong" } as const }]],
  ]),
  "2026-11-24T10:00:00.000Z",
);

describe("the record of a class's progress", () => {
  let folder: string;
  let file: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "mail-lab-progress-"));
    file = progressFile(join(folder, "1a"));
  });

  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  it("is nothing before the first look", async () => {
    expect(await readProgress(file)).toEqual({ progress: undefined });
  });

  it("is read as it was written, and is its owner's alone", async () => {
    await writeProgress(file, progress);
    expect(await readProgress(file)).toEqual({ progress });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(join(folder, "1a"))).mode & 0o777).toBe(0o700);
    expect(await readdir(join(folder, "1a"))).toEqual(["progress.json"]);
  });

  it("is whole at any moment, also while two boards write it", async () => {
    await writeProgress(file, progress);
    const writing = Promise.all(Array.from({ length: 50 }, () => writeProgress(file, progress)));
    for (let round = 0; round < 50; round += 1)
      expect(JSON.parse(await readFile(file, "utf8"))).toMatchObject({ version: 1 });
    await writing;
  });

  it.each([
    ["half of it", (text: string) => text.slice(0, text.length / 2)],
    ["another form", () => '{"version":1,"seats":[]}'],
    ["a later version", (text: string) => text.replace('"version":1', '"version":2')],
    ["a time that is none", (text: string) => text.replace("2026-11-24T10", "yesterday")],
    ["nothing", () => ""],
  ])("is put aside where it is %s, so that a new one can begin", async (_what, broken) => {
    await writeProgress(file, progress);
    const text = broken(await readFile(file, "utf8"));
    await writeFile(file, text);
    expect(await readProgress(file)).toEqual({ progress: undefined, brokenFile: `${file}.broken` });
    expect(await readFile(`${file}.broken`, "utf8")).toBe(text);
    expect(await readProgress(file)).toEqual({ progress: undefined });
  });
});
