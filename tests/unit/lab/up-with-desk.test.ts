import { describe, expect, it } from "vitest";
import { startsWithDesk } from "../../../src/lab/lifecycle/up-with-desk.ts";
import { configWith } from "../../support/default-config.ts";

describe("what a desk is created as that comes into a lab", () => {
  it("is what the lab was created as, where that is its stage too", () => {
    expect(startsWithDesk(configWith())).toBeUndefined();
    expect(startsWithDesk(configWith({ start: "exercise", stage: "6.05" }))).toBeUndefined();
  });

  it("is the chapter's end where the first host has come to it", () => {
    expect(startsWithDesk(configWith({ start: "exercise", stage: "finished" }))).toEqual({
      desk: "finished",
    });
    expect(
      startsWithDesk(configWith({ start: "exercise", stage: "6.05", stages: { host1: "finished" } })),
    ).toEqual({ desk: "finished" });
  });

  it("is the chapter's beginning where the first host was taken back to it", () => {
    const starts = { host1: "exercise" };
    expect(startsWithDesk(configWith({ starts, stages: { host1: "6.02" } }))).toEqual({
      host1: "exercise",
      desk: "exercise",
    });
  });
});
