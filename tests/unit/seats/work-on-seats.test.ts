import { describe, expect, it } from "vitest";
import { LabError } from "../../../src/model/lab-error.ts";
import { chooseSeats } from "../../../src/seats/choose-seats.ts";
import { workOnSeats, type SeatProgress } from "../../../src/seats/work-on-seats.ts";

const seats = ["s1", "s2", "s3", "s4"].map((id) => ({ id, name: `Student ${id}`, stack: `class-${id}` }));
const { signal: never } = new AbortController();

function context(signal: AbortSignal = never) {
  return { signal, engineSignal: signal };
}

function silent(): void {
  // Nobody looks on.
}

const broken = (): LabError =>
  new LabError("LAB_BROKEN", { en: "It is broken.", ja: "壊れています。" }, { details: ["line"] });

describe("the work on a class", () => {
  it("goes on at the other seats where one fails, and says why it did", async () => {
    const reports = await workOnSeats(context(), seats, { jobs: 2, watch: silent }, ({ id }) =>
      id === "s2" ? Promise.reject(broken()) : Promise.resolve(id),
    );
    expect(reports.map(({ outcome }) => outcome)).toEqual(["done", "failed", "done", "done"]);
    expect(reports[0]?.result).toBe("s1");
    expect(reports[1]?.fault).toMatchObject({ code: "LAB_BROKEN", details: ["line"] });
  });

  it("takes what is none of the lab's own errors for a bug, and goes on all the same", async () => {
    const reports = await workOnSeats(context(), seats, { jobs: 4, watch: silent }, ({ id }) =>
      id === "s1" ? Promise.reject(new TypeError("no such thing")) : Promise.resolve(),
    );
    expect(reports[0]?.fault).toMatchObject({ code: "LAB_BUG" });
    expect(reports.slice(1).map(({ outcome }) => outcome)).toEqual(["done", "done", "done"]);
  });

  it("is done at so many seats at once and no more", async () => {
    let atWork = 0;
    let most = 0;
    await workOnSeats(context(), seats, { jobs: 2, watch: silent }, async () => {
      most = Math.max(most, (atWork += 1));
      await new Promise((resolve) => setImmediate(resolve));
      atWork -= 1;
    });
    expect(most).toBe(2);
  });

  it("begins no further seat once it is interrupted, and waits for those at work", async () => {
    const interrupt = new AbortController();
    const reports = await workOnSeats(
      context(interrupt.signal),
      seats,
      { jobs: 2, watch: silent },
      async ({ id }) => {
        await new Promise((resolve) => setImmediate(resolve));
        if (id !== "s1") return id;
        interrupt.abort();
        throw new Error("aborted");
      },
    );
    expect(reports.map(({ outcome }) => outcome)).toEqual(["interrupted", "done", "not-begun", "not-begun"]);
    expect(reports[0]?.fault).toBeUndefined();
  });

  it("tells who looks on of each seat, from its turn to its end", async () => {
    const told: SeatProgress[] = [];
    const watch = (progress: SeatProgress): void => {
      told.push(progress);
    };
    await workOnSeats(context(), seats.slice(0, 1), { jobs: 1, watch }, (_seat, voice) => {
      voice("create host1");
      return Promise.resolve();
    });
    expect(told.map(({ phase, line }) => line ?? phase)).toEqual([
      "waiting",
      "working",
      "create host1",
      "done",
    ]);
    expect(told.at(-1)?.tookMs).toBeGreaterThanOrEqual(0);
  });
});

describe("the seats that a command is meant for", () => {
  it("are all of them, or those that are named, in the roster's order", () => {
    expect(chooseSeats(seats, undefined, "class.csv")).toBe(seats);
    expect(chooseSeats(seats, ["S3", "s1"], "class.csv").map(({ id }) => id)).toEqual(["s1", "s3"]);
  });

  it("have to be there", () => {
    expect(() => chooseSeats(seats, ["s1", "s9"], "class.csv")).toThrow(
      expect.objectContaining({ code: "LAB_NO_SEAT", exit: 2 }) as Error,
    );
  });
});
