import { describe, expect, it } from "vitest";
import { memoryInUse } from "../../../../src/engine/container-memory.ts";
import { countMails, ratioOf, readFlood, secondsIn, spreadOf } from "../../../../src/lab/bench/figures.ts";

const ids = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `Message-Id: <077e.0003.${index.toString(16)}@flood-7>`);

describe("a spread", () => {
  it("has the middle value as its median, whatever the order, and numbers in the order of numbers", () => {
    expect(spreadOf([9, 100, 10])).toEqual({ min: 9, median: 10, max: 100 });
  });

  it("takes the mean of the middle two where their number is even", () => {
    expect(spreadOf([4, 1, 2, 10])).toEqual({ min: 1, median: 3, max: 10 });
  });

  it("is the value itself where there is one", () => {
    expect(spreadOf([5])).toEqual({ min: 5, median: 5, max: 5 });
  });

  it("is not made of nothing", () => {
    expect(() => spreadOf([])).toThrow("at least one");
  });

  it("is compared by medians, which one slow run does not move", () => {
    expect(ratioOf(spreadOf([8, 8, 80]), spreadOf([4, 4, 4]))).toBe(2);
  });
});

describe("the count of mails", () => {
  it("finds all where each is there once", () => {
    expect(countMails(50, ids(50))).toEqual({ sent: 50, lost: 0, doubled: 0 });
  });

  it("finds the one that is lost and the one that is doubled, though their number is right", () => {
    const found = ids(50);
    found[17] = found[16] ?? "";
    expect(countMails(50, found)).toEqual({ sent: 50, lost: 1, doubled: 1 });
  });

  it("counts every copy beyond the first", () => {
    expect(countMails(2, [...ids(2), ...ids(1), ...ids(1)])).toEqual({ sent: 2, lost: 0, doubled: 2 });
  });

  it("takes an empty mailbox for all lost", () => {
    expect(countMails(3, [])).toEqual({ sent: 3, lost: 3, doubled: 0 });
  });
});

describe("what the scripts print", () => {
  it("gives the time, the rate and the count of a flood", () => {
    expect(readFlood(50, ["crossed 4.100", "delivered 2.500", ...ids(49), ""])).toEqual({
      sent: 50,
      lost: 1,
      doubled: 0,
      seconds: 2.5,
      mailsPerSecond: 20,
    });
  });

  it("is refused where it does not say how long it took", () => {
    expect(() => secondsIn("crossed", ["delivered 1.0"])).toThrow("crossed");
    expect(() => secondsIn("crossed", ["crossed soon"])).toThrow("crossed");
  });
});

describe("the memory in use", () => {
  it("leaves out the file cache that nobody uses, by the name of either cgroup version", () => {
    expect(memoryInUse({ usage: 100, stats: { total_inactive_file: 30, inactive_file: 20 } })).toBe(70);
    expect(memoryInUse({ usage: 100, stats: { inactive_file: 20 } })).toBe(80);
  });

  it("is the total where the engine says no more, and nothing for a container that ends", () => {
    expect(memoryInUse({ usage: 100 })).toBe(100);
    expect(memoryInUse({})).toBe(0);
  });
});
