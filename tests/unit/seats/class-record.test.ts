import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { labPaths, type LabPaths } from "../../../src/lab/lab-paths.ts";
import {
  classFolder,
  ClassLedger,
  readSeatRecords,
  type SeatRecord,
} from "../../../src/seats/class-record.ts";

const seat: SeatRecord = {
  id: "s1",
  name: "田中 花子",
  stack: "class-s1",
  stage: "exercise",
  phase: "building",
  since: "2026-11-24T10:00:00.000Z",
};

let paths: LabPaths;

beforeEach(async () => {
  paths = labPaths("dev", await mkdtemp(join(tmpdir(), "mail-lab-class-")));
});

afterEach(async () => {
  await rm(paths.root, { recursive: true });
});

describe("the record of a class", () => {
  it("is empty where there was never a class", async () => {
    expect(await readSeatRecords(paths, "class")).toEqual([]);
  });

  it("is on the disk before the work goes on, whole, whatever is written at once", async () => {
    const ledger = await ClassLedger.open(paths, "class");
    await Promise.all(
      Array.from({ length: 20 }, (_, index) => ledger.put({ ...seat, id: `s${index}`, phase: "up" })),
    );
    expect(await readSeatRecords(paths, "class")).toHaveLength(20);
    await ledger.remove("s0");
    expect((await readSeatRecords(paths, "class")).map(({ id }) => id)).not.toContain("s0");
    expect(await readdir(classFolder(paths, "class"))).toEqual(["seats.json"]);
  });

  it("is for its owner's eyes alone, and goes with its folder", async () => {
    const ledger = await ClassLedger.open(paths, "class");
    await ledger.put(seat);
    const folder = classFolder(paths, "class");
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect((await stat(join(folder, "seats.json"))).mode & 0o777).toBe(0o600);
    await ledger.forget();
    expect(await readdir(join(folder, ".."))).toEqual([]);
  });

  it.each(["", "{", '{"className": "class", "seats": [{"id": "s1"}]}'])(
    "is refused where it is broken (%j), with what to do",
    async (text) => {
      await (await ClassLedger.open(paths, "class")).put(seat);
      await writeFile(join(classFolder(paths, "class"), "seats.json"), text);
      await expect(readSeatRecords(paths, "class")).rejects.toMatchObject({
        code: "LAB_CLASS_RECORD",
        exit: 2,
        hint: { en: expect.stringContaining("rm .lab/classes/class/seats.json") as string },
      });
    },
  );
});
