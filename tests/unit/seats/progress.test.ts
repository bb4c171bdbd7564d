import { describe, expect, it } from "vitest";
import type { CheckStatus } from "../../../src/checks/check.ts";
import {
  classAfter,
  hostAfter,
  hostsBegunAnew,
  lastProgressOf,
  lessonPauseMs,
  seatAfter,
  stillSince,
  type HostLook,
} from "../../../src/seats/progress.ts";

/** A time of the tests' lesson. */
const at = (clock: string, day = "24"): string => `2026-11-${day}T${clock}:00.000Z`;

function look(steps: Readonly<Record<string, CheckStatus>>, container = "c1", host = "host1"): HostLook {
  return { host, container, steps };
}

describe("what a host has got to", () => {
  it("keeps the look that first saw a step passed", () => {
    const first = hostAfter(undefined, look({ "6.01": "passed", "6.02": "not-yet" }), at("10:00"));
    const second = hostAfter(first, look({ "6.01": "passed", "6.02": "passed" }), at("10:05"));
    const third = hostAfter(second, look({ "6.01": "passed", "6.02": "passed" }), at("10:20"));
    expect(third).toEqual({
      container: "c1",
      since: at("10:00"),
      progressAt: at("10:05"),
      steps: { "6.01": { passedAt: at("10:00") }, "6.02": { passedAt: at("10:05") } },
    });
  });

  it("begins anew in another container, whatever passed before", () => {
    const before = hostAfter(undefined, look({ "6.01": "passed", "6.02": "passed" }), at("10:00"));
    expect(hostAfter(before, look({ "6.01": "not-yet", "6.02": "not-yet" }, "c2"), at("10:10"))).toEqual({
      container: "c2",
      since: at("10:10"),
      steps: {},
    });
  });

  it.each(["wrong", "not-yet"] as const)("calls a step lost that passed and is %s now", (status) => {
    const before = hostAfter(undefined, look({ "6.02": "passed" }), at("10:00"));
    const lost = hostAfter(before, look({ "6.02": status }), at("10:10"));
    expect(lost.steps["6.02"]).toEqual({ passedAt: at("10:00"), lostAt: at("10:10") });
    const later = hostAfter(lost, look({ "6.02": status }), at("10:20"));
    expect(later.steps["6.02"]).toEqual({ passedAt: at("10:00"), lostAt: at("10:10") });
    expect(later.progressAt).toBe(at("10:00"));
  });

  it("takes a lost step that passes again for progress", () => {
    const before = hostAfter(undefined, look({ "6.02": "passed" }), at("10:00"));
    const lost = hostAfter(before, look({ "6.02": "wrong" }), at("10:10"));
    const again = hostAfter(lost, look({ "6.02": "passed" }), at("10:20"));
    expect(again).toMatchObject({ progressAt: at("10:20"), steps: { "6.02": { passedAt: at("10:00") } } });
    expect(again.steps["6.02"]?.lostAt).toBeUndefined();
  });

  it("takes what could not be looked at neither for passed nor for lost", () => {
    const before = hostAfter(undefined, look({ "6.01": "passed", "6.02": "unknown" }), at("10:00"));
    const after = hostAfter(before, look({ "6.01": "unknown", "6.02": "unknown" }), at("10:10"));
    expect(after).toEqual(before);
  });

  it("counts what the lab itself stands on as nobody's progress", () => {
    const after = hostAfter(undefined, look({ foundation: "passed", "6.01": "not-yet" }), at("10:00"));
    expect(after).toEqual({ container: "c1", since: at("10:00"), steps: {} });
  });
});

describe("what a seat has got to", () => {
  const both = [look({ "6.01": "passed" }, "a1", "host1"), look({ "6.01": "passed" }, "b1", "host2")];

  it("keeps the one host's steps when the other is reset", () => {
    const before = seatAfter(undefined, both, at("10:00"));
    const looks = [look({ "6.01": "not-yet" }, "a2", "host1"), look({ "6.01": "passed" }, "b1", "host2")];
    const after = seatAfter(before, looks, at("10:30"));
    expect(hostsBegunAnew(before, looks)).toEqual(["host1"]);
    expect(hostsBegunAnew(undefined, looks)).toEqual([]);
    expect(after["host1"]?.steps).toEqual({});
    expect(after["host2"]).toEqual(before["host2"]);
    expect(lastProgressOf(after)).toBe(at("10:00"));
    // A host that was made a moment ago is nothing to be stuck at.
    expect(stillSince(after, at("09:00"))).toBe(at("10:30"));
  });

  it("is still since its last progress, or since the first look where there was none", () => {
    const nothing = seatAfter(undefined, [look({ "6.01": "not-yet" })], at("10:00"));
    expect(lastProgressOf(nothing)).toBeUndefined();
    expect(stillSince(nothing, at("10:00"))).toBe(at("10:00"));
    const got = seatAfter(nothing, [look({ "6.01": "passed" })], at("10:07"));
    expect(stillSince(got, at("10:00"))).toBe(at("10:07"));
  });

  it("was not stuck between two lessons", () => {
    const seat = seatAfter(undefined, [look({ "6.01": "passed" })], at("10:00", "17"));
    expect(stillSince(seat, at("10:00", "24"))).toBe(at("10:00", "24"));
  });

  it("forgets a host that the lab has no longer", () => {
    const before = seatAfter(undefined, both, at("10:00"));
    expect(Object.keys(seatAfter(before, both.slice(0, 1), at("10:10")))).toEqual(["host1"]);
  });
});

describe("what a class has got to", () => {
  const looks = new Map([["s1", [look({ "6.01": "passed" })]]]);

  it("keeps a seat that could not be looked at as it was", () => {
    const before = classAfter(
      undefined,
      new Map([...looks, ["s2", [look({ "6.01": "passed" })]]]),
      at("10:00"),
    );
    const after = classAfter(before, looks, at("10:10"));
    expect(after.seats["s2"]).toBe(before.seats["s2"]);
    expect(after).toMatchObject({ lessonSince: at("10:00"), lastLookAt: at("10:10") });
  });

  it("begins another lesson after a long time without a look", () => {
    const before = classAfter(undefined, looks, at("10:00"));
    const soon = new Date(Date.parse(at("10:00")) + lessonPauseMs).toISOString();
    expect(classAfter(before, looks, soon).lessonSince).toBe(at("10:00"));
    const late = new Date(Date.parse(at("10:00")) + lessonPauseMs + 1).toISOString();
    expect(classAfter(before, looks, late).lessonSince).toBe(late);
  });
});
