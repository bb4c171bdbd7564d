import { describe, expect, it } from "vitest";
import type { SeatRecord } from "../../../src/seats/class-record.ts";
import { actionFor, containersOf, fittingJobs, type SeatContainer } from "../../../src/seats/plan-seats.ts";
import { stateOf } from "../../../src/seats/class-status.ts";

const owner = "0123456789ab";
const up: SeatRecord = {
  id: "s1",
  name: "Tanaka",
  stack: "class-s1",
  stage: "exercise",
  phase: "up",
  since: "2026-11-24T10:00:00.000Z",
  owner,
  nodes: 3,
};
const seat = { stage: "exercise" };

function containers(count: number, change: { owner?: string; state?: string } = {}): SeatContainer[] {
  return Array.from({ length: count }, (_, index) => ({
    state: index === 0 ? (change.state ?? "running") : "running",
    labels: {
      "mail-lab.stack": "class-s1",
      "mail-lab.node": `node${index}`,
      "mail-lab.owner": index === 0 ? (change.owner ?? owner) : owner,
    },
  }));
}

describe("what is to be done for a seat", () => {
  it("is nothing where the record and the engine agree that it is up", () => {
    expect(actionFor(seat, up, containers(3))).toBe("none");
  });

  it("is a start where all of it is there and a part does not run", () => {
    expect(actionFor(seat, up, containers(3, { state: "exited" }))).toBe("start");
  });

  it("is to bring it forward where the roster wants another stage", () => {
    expect(actionFor({ stage: "6.05" }, up, containers(3))).toBe("raise");
  });

  it.each([
    ["there is no record", undefined, containers(3)],
    ["it was being built when the last command ended", { ...up, phase: "building" as const }, containers(3)],
    ["it failed", { ...up, phase: "failed" as const }, containers(3)],
    ["a container is gone", up, containers(2)],
    ["nothing is there", up, []],
    ["a container is another lab's", up, containers(3, { owner: "ffffffffffff" })],
  ])("is to build it where %s", (_case, record, found) => {
    expect(actionFor(seat, record, found)).toBe("build");
  });

  it("looks at the containers of its own stack alone", () => {
    const other = { state: "running", labels: { "mail-lab.stack": "class-s10", "mail-lab.node": "dns" } };
    expect(containersOf("class-s1", [...containers(3), other])).toHaveLength(3);
  });

  it("takes what captures a seat's packets for no part of it", () => {
    const beside = { state: "running", labels: { "mail-lab.stack": "class-s1", "mail-lab.owner": owner } };
    expect(containersOf("class-s1", [...containers(3), beside])).toHaveLength(3);
  });
});

describe("how a seat stands", () => {
  it.each([
    ["up", up, containers(3)],
    ["stopped", up, containers(3, { state: "exited" })],
    ["partial", up, containers(2)],
    ["none", up, []],
    ["failed", { ...up, phase: "failed" as const }, containers(3)],
    ["partial", { ...up, phase: "building" as const }, containers(1)],
    ["none", undefined, []],
  ])("is “%s”", (state, record, found) => {
    expect(stateOf(record, found)).toBe(state);
  });
});

describe("how many seats are built at once", () => {
  const gibibyte = 2 ** 30;

  it("is two for each core, and no more than there are", () => {
    expect(fittingJobs(20, { cores: 2, freeMemoryBytes: 16 * gibibyte })).toBe(4);
    expect(fittingJobs(3, { cores: 8, freeMemoryBytes: 16 * gibibyte })).toBe(3);
  });

  it("is what the memory has room for, and one at least", () => {
    expect(fittingJobs(20, { cores: 8, freeMemoryBytes: gibibyte })).toBe(3);
    expect(fittingJobs(20, { cores: 8, freeMemoryBytes: 0 })).toBe(1);
    expect(fittingJobs(0, { cores: 2, freeMemoryBytes: gibibyte })).toBe(1);
  });
});
