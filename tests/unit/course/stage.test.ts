import { describe, expect, it } from "vitest";
import {
  compareStages,
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
