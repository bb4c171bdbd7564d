import { describe, expect, it } from "vitest";
import type { SeenSeat } from "../../../src/seats/board-seat.ts";
import { withMainCf } from "../checks/healthy-lab.ts";
import { withService } from "../checks/lab-changes.ts";
import { beganAt, lookedAt, placeOf, seatOf, type SeatLook } from "../cli/class-board.ts";

function seenAfter(...looks: readonly SeatLook[]): SeenSeat {
  const seat = seatOf(placeOf("s1", "Hanako"), looks);
  if (seat.state === "unseen") throw new Error("it was looked at");
  return seat;
}

describe("a seat of the board", () => {
  it("is done where every step passes, and nobody is stuck there", () => {
    const seat = seenAfter({ at: beganAt, from: "6.02" }, { at: lookedAt });
    expect(seat).toMatchObject({ state: "done", passedCount: 13, findings: [], lastProgressAt: lookedAt });
    expect(seat.current).toBeUndefined();
    expect(seat.stuckMs).toBeUndefined();
    expect(seat.steps["6.05"]).toEqual({
      status: "passed",
      hosts: { host1: "passed", host2: "passed" },
      passedAt: lookedAt,
    });
  });

  it("is at the first step that has not passed, since the last one that did", () => {
    const seat = seenAfter({ at: beganAt, from: "6.05" }, { at: lookedAt, from: "6.05" });
    expect(seat).toMatchObject({ state: "working", current: "6.05", passedCount: 4, stillSince: beganAt });
    expect(seat.stuckMs).toBe(42.5 * 60_000);
  });

  it("is at the step that was lost, however far it had come", () => {
    const seat = seenAfter(
      { at: beganAt, from: "6.05" },
      { at: lookedAt, from: "6.05", change: withMainCf({ mynetworks: "10.0.0.0/8" }) },
    );
    expect(seat.current).toBe("6.02");
    expect(seat.steps["6.02"]).toEqual({ status: "lost", hosts: { host1: "lost", host2: "passed" } });
    expect(seat.findings.map(({ host, id }) => `${host} ${id}`)).toEqual(["host1 6.02/mynetworks"]);
  });

  it("names each reason once, where a check of another step or host is it", () => {
    const stopped = withService("postfix", { activeState: "inactive", startedMs: undefined });
    const seat = seenAfter({ at: lookedAt, change: stopped });
    const named = seat.findings.map(({ host, id }) => `${host} ${id}`);
    expect(new Set(named).size).toBe(named.length);
    expect(seat.findings.every(({ cause }) => cause !== "blocked")).toBe(true);
    expect(named).toContain("host1 6.04/running");
  });

  it("says unknown, and not lost, of what can't be looked at now", () => {
    const unreachable = { cause: "host-unreachable", observed: { en: "no", ja: "no" } } as const;
    const seat = seenAfter(
      { at: beganAt },
      { at: "2026-11-24T09:20:00.000Z", change: withMainCf({ mynetworks: "10.0.0.0/8" }) },
      { at: lookedAt, change: { host1: { failure: unreachable } } },
    );
    expect(seat).toMatchObject({ current: "foundation", passedCount: 0 });
    expect(seat.steps["6.02"]?.hosts).toEqual({ host1: "unknown", host2: "passed" });
    expect(seat.findings.map(({ host, id }) => `${host} ${id}`)).toEqual(["host1 foundation/login"]);
  });

  it("begins anew with its hosts", () => {
    const seat = seenAfter({ at: beganAt, from: "6.05" }, { at: lookedAt, from: "6.01", container: "2" });
    expect(seat).toMatchObject({
      passedCount: 0,
      begunAnew: ["host1", "host2"],
      stillSince: lookedAt,
      stuckMs: 0,
    });
    expect(seat.lastProgressAt).toBeUndefined();
    expect(Object.values(seat.steps).map(({ status }) => status)).not.toContain("lost");
  });
});
