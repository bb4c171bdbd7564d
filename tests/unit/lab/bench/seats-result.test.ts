import { describe, expect, it } from "vitest";
import { speakerOf } from "../../../../src/cli/language.ts";
import { renderSeatsBench } from "../../../../src/cli/render-seats-bench.ts";
import type { Start } from "../../../../src/model/lab-config.ts";
import {
  fitSeats,
  summarizeSeats,
  type SeatsBenchResult,
  type SeatsRun,
} from "../../../../src/lab/bench/seats-result.ts";

const mebibyte = 2 ** 20;

function run(changes: Partial<SeatsRun> = {}): SeatsRun {
  return {
    upSeconds: 80,
    downSeconds: 20,
    containerCpuSeconds: 30,
    memoryBytes: 940 * mebibyte,
    diskBytes: 40 * mebibyte,
    containers: 60,
    networks: 20,
    baselineSeconds: 50,
    baselineDownSeconds: 10,
    baselineContainerCpuSeconds: 28,
    baselineMemoryBytes: 900 * mebibyte,
    ...changes,
  };
}

function resultOf(measurements: readonly { seats: number; stage: Start; runs: readonly SeatsRun[] }[]) {
  const summaries = measurements.map(summarizeSeats);
  return {
    stack: "bench-1",
    machine: {
      cores: 2,
      memoryBytes: 24 * 2 ** 30,
      kernel: "6.1.0",
      engineVersion: "28.5.2",
      cgroupVersion: "2",
      loadAverage: 0.5,
      inotifyLimit: 128,
    },
    plugins: "offline",
    measurements: summaries,
    fits: fitSeats(summaries),
  } satisfies SeatsBenchResult;
}

describe("the result of a class's measurement", () => {
  it("compares the medians of both sides, up to the mails and for the removal too", () => {
    const { ratios } = summarizeSeats({
      seats: 20,
      stage: "finished",
      runs: [
        run({ mailSeconds: 110, baselineSmtpSeconds: 55 }),
        run({ mailSeconds: 300, upSeconds: 270, baselineSeconds: 55, baselineSmtpSeconds: 60 }),
        run({
          mailSeconds: 100,
          upSeconds: 90,
          baselineSeconds: 45,
          baselineSmtpSeconds: 50,
          downSeconds: 25,
        }),
      ],
    });
    expect(ratios).toEqual({ up: 90 / 50, mail: 110 / 55, mailToSshd: 110 / 50, down: 2 });
  });

  it("has no ratio for mails where there is no Postfix", () => {
    const { ratios } = summarizeSeats({ seats: 20, stage: "exercise", runs: [run()] });
    expect(ratios).not.toHaveProperty("mail");
  });

  it("leaves out a figure that a run lacks", () => {
    const runs = [run({ commandCpuSeconds: 9 }), run()];
    const { figures } = summarizeSeats({ seats: 20, stage: "exercise", runs });
    expect(figures).not.toHaveProperty("commandCpuSeconds");
    expect(figures.containers).toEqual({ min: 60, median: 60, max: 60 });
  });

  it("grows by the line through the medians, each stage by itself", () => {
    const { fits } = resultOf([
      { seats: 1, stage: "exercise", runs: [run({ upSeconds: 10 })] },
      { seats: 1, stage: "finished", runs: [run({ upSeconds: 12 })] },
      { seats: 5, stage: "exercise", runs: [run({ upSeconds: 22 }), run({ upSeconds: 26 })] },
      { seats: 5, stage: "finished", runs: [run({ upSeconds: 32 })] },
    ]);
    const growth = (stage: Start) =>
      fits.find(({ figure, stage: of }) => figure === "upSeconds" && of === stage);
    expect(growth("exercise")).toMatchObject({ base: 6.5, slope: 3.5, rSquared: 1 });
    expect(growth("finished")).toMatchObject({ base: 7, slope: 5 });
  });

  it("has no line through one number of seats", () => {
    expect(resultOf([{ seats: 5, stage: "exercise", runs: [run()] }]).fits).toEqual([]);
  });

  it("is shown in both languages, a seat's part where it is one seat's figure", () => {
    const result = resultOf([
      { seats: 10, stage: "finished", runs: [run({ mailSeconds: 60, baselineSmtpSeconds: 52 })] },
      { seats: 20, stage: "finished", runs: [run({ mailSeconds: 100, baselineSmtpSeconds: 52 })] },
    ]);
    for (const language of ["en", "ja"] as const) {
      const shown = renderSeatsBench(result, speakerOf(language));
      for (const word of [
        "80.00 s",
        "100.00 s",
        "47.0 MiB",
        "94.0 MiB",
        "1.92",
        "2.00",
        "128",
        "28.5.2",
        "R²",
      ])
        expect(shown).toContain(word);
      expect(shown).toMatch(/(20 seats|20席)[,、] ?finished/u);
    }
  });
});
