import { describe, expect, it } from "vitest";
import {
  checkStages,
  compareStages,
  raisedStages,
  renewedStarts,
  stageNames,
  stageOfHost,
  startOfStage,
  stepsOfStage,
} from "../../../src/course/stage.ts";
import { steps } from "../../../src/course/steps.ts";

describe("a stage", () => {
  it("applies nothing at the exercise and everything when finished", () => {
    expect(stepsOfStage("exercise")).toEqual([]);
    expect(stepsOfStage("finished")).toEqual(steps);
  });

  it("applies a named step and all before it", () => {
    expect(stepsOfStage("6.03").map(({ id }) => id)).toEqual(["6.01", "6.02", "6.03"]);
    expect(stepsOfStage("6.13")).toEqual(steps);
  });

  it("is refused where there is none of that name", () => {
    expect(() => stepsOfStage("6.99")).toThrow("there is no stage “6.99”");
    expect(() => compareStages("6.01", "6.1")).toThrow("there is no stage “6.1”");
  });

  it("comes before every later one, and after every earlier one", () => {
    for (const [index, stage] of stageNames.entries()) {
      for (const [otherIndex, other] of stageNames.entries())
        expect(Math.sign(compareStages(stage, other))).toBe(Math.sign(index - otherIndex));
    }
  });

  it("is the host's own where it has one, and the lab's elsewhere", () => {
    const config = { stage: "6.03", stages: { host1: "6.07" } };
    expect(stageOfHost(config, "host1")).toBe("6.07");
    expect(stageOfHost(config, "host2")).toBe("6.03");
  });

  it("has the packages installed from the start only when it is finished", () => {
    expect(startOfStage("finished")).toBe("finished");
    expect(startOfStage("exercise")).toBe("exercise");
    expect(startOfStage("6.11")).toBe("exercise");
  });
});

describe("the configuration's stages", () => {
  const hosts = ["host1", "host2"];

  it("keep one for all where every host comes to the same", () => {
    expect(raisedStages({ stage: "exercise", stages: {} }, hosts, hosts, "6.07")).toEqual({
      stage: "6.07",
      stages: {},
    });
    expect(raisedStages({ stage: "6.03", stages: { host1: "6.07" } }, hosts, ["host2"], "6.07")).toEqual({
      stage: "6.07",
      stages: {},
    });
  });

  it("keep a host's own where it comes further than the others, and leave theirs alone", () => {
    const raised = raisedStages({ stage: "6.03", stages: {} }, hosts, ["host1"], "6.07");
    expect(raised).toEqual({ stage: "6.03", stages: { host1: "6.07" } });
    expect(raisedStages(raised, hosts, ["host1"], "finished")).toEqual({
      stage: "6.03",
      stages: { host1: "finished" },
    });
    expect(raisedStages(raised, hosts, ["host2"], "6.04")).toEqual({
      stage: "6.03",
      stages: { host1: "6.07", host2: "6.04" },
    });
  });

  it("are each looked up", () => {
    expect(() => {
      checkStages({ stage: "6.01", stages: { host1: "6.20" } });
    }).toThrow("there is no stage “6.20”");
    expect(() => {
      checkStages({ stage: "6.01", stages: { host1: "finished" } });
    }).not.toThrow();
  });
});

describe("what hosts are created as", () => {
  it("is kept for each host that is reset to another start, and not once it has the lab's again", () => {
    const starts = renewedStarts({ start: "finished", starts: {} }, ["host1"], "exercise");
    expect(starts).toEqual({ host1: "exercise" });
    expect(renewedStarts({ start: "finished", starts }, ["host2"], "exercise")).toEqual({
      host1: "exercise",
      host2: "exercise",
    });
    expect(renewedStarts({ start: "finished", starts }, ["host1"], "finished")).toEqual({});
  });
});
