import { describe, expect, it } from "vitest";
import { stepsOfStage } from "../../../src/course/stage.ts";
import { steps } from "../../../src/course/steps.ts";

describe("a stage", () => {
  it("applies nothing at the exercise and everything when finished", () => {
    expect(stepsOfStage("exercise")).toEqual([]);
    expect(stepsOfStage("finished")).toEqual(steps);
  });

  it("applies a named step and all before it", () => {
    expect(stepsOfStage("6.03").map(({ id }) => id)).toEqual(["6.01", "6.02", "6.03"]);
  });

  it("is refused where there is none of that name", () => {
    expect(() => stepsOfStage("6.99")).toThrow("there is no stage “6.99”");
  });
});
