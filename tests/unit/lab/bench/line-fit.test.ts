import { describe, expect, it } from "vitest";
import { fitLine } from "../../../../src/lab/bench/line-fit.ts";

describe("the line through measured points", () => {
  it("is the line itself where all lie on one", () => {
    const fit = fitLine([1, 5, 10, 20].map((x) => ({ x, y: 7 + 3 * x })));
    expect(fit?.base).toBeCloseTo(7);
    expect(fit?.slope).toBeCloseTo(3);
    expect(fit?.rSquared).toBeCloseTo(1);
  });

  it("has the least squares where they do not", () => {
    // Worked out by hand: means 2 and 10/3, slope 3/2, base 1/3; squares left 1/6 of 14/3.
    const fit = fitLine([
      { x: 1, y: 2 },
      { x: 2, y: 3 },
      { x: 3, y: 5 },
    ]);
    expect(fit?.slope).toBeCloseTo(1.5);
    expect(fit?.base).toBeCloseTo(1 / 3);
    expect(fit?.rSquared).toBeCloseTo(1 - 1 / 6 / (14 / 3));
  });

  it("is flat, and explains all there is, where nothing grows", () => {
    expect(fitLine([1, 2].map((x) => ({ x, y: 4 })))).toEqual({ base: 4, slope: 0, rSquared: 1 });
  });

  it("does not go through one number of seats alone", () => {
    expect(fitLine([])).toBeUndefined();
    expect(fitLine([{ x: 5, y: 1 }])).toBeUndefined();
    expect(fitLine([1, 2].map((y) => ({ x: 5, y })))).toBeUndefined();
  });
});
