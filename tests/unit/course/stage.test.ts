import { describe, expect, it } from "vitest";
import { startOfStage, stepsOfStage } from "../../../src/course/stage.ts";
import { steps } from "../../../src/course/steps.ts";

describe("a stage", () => {
  it("applies nothing at the exercise and everything when finished", () => {
    expect(stepsOfStage("exercise")).toEqual([]);
    expect(stepsOfStage("finished")).toEqual(steps);
  });

  it("applies a named step and all before it", () => {
    expect(stepsOfStage("6.03").map(({ id }) => id)).toEqual(["6.01", "6.02", "6.03"]);
  });

  it("needs the full image only when finished", () => {
    expect(["exercise", "6.17", "finished"].map(startOfStage)).toEqual(["exercise", "exercise", "finished"]);
  });

  it("is refused where there is none of that name", () => {
    expect(() => stepsOfStage("6.99")).toThrow("there is no stage “6.99”");
  });
});
