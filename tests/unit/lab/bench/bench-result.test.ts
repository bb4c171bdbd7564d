import { describe, expect, it } from "vitest";
import { speakerOf } from "../../../../src/cli/language.ts";
import { renderBench } from "../../../../src/cli/render-bench.ts";
import { summarize, type BenchRun } from "../../../../src/lab/bench/bench-result.ts";
import type { Flood } from "../../../../src/lab/bench/figures.ts";

const machine = {
  cores: 2,
  memoryBytes: 24 * 2 ** 30,
  kernel: "6.1.0",
  engineVersion: "28.5.2",
  cgroupVersion: "2",
  loadAverage: 0.5,
} as const;

function flood(mailsPerSecond: number, lost = 0, doubled = 0): Flood {
  return { sent: 2000, lost, doubled, seconds: 2000 / mailsPerSecond, mailsPerSecond };
}

function run(labSeconds: number, baselineSeconds: number, changes: Partial<BenchRun> = {}): BenchRun {
  return {
    addressing: "docker",
    labSeconds,
    upSeconds: labSeconds - 1,
    unchangedUpSeconds: 3,
    downSeconds: 2,
    memoryBytes: 60 * 2 ** 20,
    labFlood: flood(190),
    baselineSeconds,
    baselineFlood: flood(200),
    ...changes,
  };
}

describe("the result of a measurement", () => {
  it("compares the medians of both sides", () => {
    const { lab, baseline, ratio } = summarize("bench-1", machine, "offline", [
      run(9, 5),
      run(30, 4),
      run(8, 4.5),
    ]);
    expect([lab.median, baseline.median, ratio]).toEqual([9, 4.5, 2]);
  });

  it("adds up what was lost and doubled on both sides, in every run", () => {
    const runs = [run(9, 5, { labFlood: flood(190, 1) }), run(9, 5, { baselineFlood: flood(200, 2, 3) })];
    const { mails } = summarize("bench-1", machine, "offline", runs);
    expect(mails).toMatchObject({ sent: 2000, lost: 3, doubled: 3, ratio: 0.95 });
  });

  it("says nothing of mails where none were asked for", () => {
    const { mails } = summarize("bench-1", machine, "offline", [
      run(9, 5, { labFlood: undefined, baselineFlood: undefined }),
    ]);
    expect(mails).toBeUndefined();
  });

  it("is shown with what it depends on, in both languages", () => {
    const result = summarize("bench-1", machine, "official", [
      run(9, 4.5),
      run(9, 4.5, { addressing: "inside" }),
    ]);
    const english = renderBench(result, speakerOf("en"));
    const japanese = renderBench(result, speakerOf("ja"));
    for (const shown of [english, japanese]) {
      for (const word of [
        "9.00 s",
        "4.50 s",
        "60.0 MiB",
        "190.0/s",
        "2.00",
        "0.95",
        "24.0 GiB",
        "6.1.0",
        "28.5.2",
      ]) {
        expect(shown).toContain(word);
      }
      expect(shown).toMatch(/cgroup v2.*docker[,、] ?inside.*official.*0\.5$/u);
    }
    expect(english).toContain("2 cores");
    expect(japanese).toContain("2コア");
  });

  it("lines up its columns, also where letters are wide", () => {
    for (const language of ["en", "ja"] as const) {
      const result = summarize("bench-1", machine, "official", [run(9, 4.5)]);
      const lines = renderBench(result, speakerOf(language)).split("\n").slice(0, 8);
      const widths = lines.map((line) => line.replaceAll(/[\u3000-\u9fff\uff00-\uff60]/gu, "##").length);
      expect(new Set(widths).size, lines.join("\n")).toBe(1);
    }
  });
});
