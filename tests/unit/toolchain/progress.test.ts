import { describe, expect, it } from "vitest";

import { inStep } from "../../../toolchain/progress.ts";
import { collectProgress } from "./support/collected-progress.ts";

const step = { id: "go", title: { en: "Bring Go", ja: "Go を用意する" } };

describe("a step", () => {
  it("is begun, told about and ended with what was found", async () => {
    const report = collectProgress();
    const result = await inStep(report, step, (voice) => {
      voice.line("downloading");
      voice.note("go1.26");
      return Promise.resolve(7);
    });
    expect(result).toBe(7);
    expect(report.told).toEqual(["begin go", "line downloading", "done go: go1.26"]);
  });

  it("is ended as failed when its work throws, and the error goes on", async () => {
    const report = collectProgress();
    await expect(inStep(report, step, () => Promise.reject(new Error("no disk")))).rejects.toThrow("no disk");
    expect(report.told).toEqual(["begin go", "failed go"]);
  });
});
