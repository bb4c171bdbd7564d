import { readdir } from "node:fs/promises";
import { join, relative } from "node:path";
import { execa } from "execa";
import { afterEach, describe, expect, it } from "vitest";
import { waitUntil } from "../../src/protocols/wait-until.ts";
import { isFullRun } from "../support/full-run.ts";
import { projectRoot, runLab } from "../support/lab-command.ts";

const minutes = 60_000;

async function names(kind: "container" | "network", prefix: string): Promise<readonly string[]> {
  const all = kind === "container" ? ["--all"] : [];
  const format = kind === "container" ? "{{.Names}}" : "{{.Name}}";
  const { stdout } = await execa("docker", [kind, "ls", ...all, "--format", format]);
  return stdout.split("\n").filter((name) => name.startsWith(`${prefix}-`));
}

/**
 * Everything that a measurement might leave: on the engine, and files of its stack, its class and its seats. Pulumi
 * keeps logs of its own, and empty folders.
 */
async function leftovers(stack: string): Promise<readonly string[]> {
  const folder = join(projectRoot, ".lab");
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  return [
    ...(await names("container", stack)),
    ...(await names("network", stack)),
    ...files
      .filter((entry) => entry.isFile())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
      .filter((file) => new RegExp(`\\b${stack}\\b`).test(file)),
  ];
}

interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

interface MeasuredClass {
  readonly stack: string;
  readonly measurements: readonly {
    readonly seats: number;
    readonly stage: string;
    readonly figures: Readonly<Record<string, Spread>>;
    readonly ratios: Readonly<Record<string, number>>;
  }[];
  readonly fits: readonly unknown[];
}

interface Measured {
  readonly stack: string;
  readonly machine: Readonly<Record<string, unknown>>;
  readonly runs: readonly Readonly<Record<string, unknown>>[];
  readonly lab: Spread;
  readonly baseline: Spread;
  readonly ratio: number;
  readonly unchangedUp: Spread;
  readonly down: Spread;
  readonly memoryBytes: Spread;
  readonly mails: { readonly sent: number; readonly lost: number; readonly doubled: number };
}

if (!isFullRun) console.error("bench: not interrupted; ./lab test --full does it");

describe("./lab bench", { timeout: 10 * minutes }, () => {
  let end: (() => Promise<unknown>) | undefined;

  afterEach(async () => {
    await end?.();
  });

  it("measures a lab and a plain script, loses no mail, and leaves nothing behind", async () => {
    const { exitCode, stdout, stderr } = await runLab(["bench", "--runs", "1", "--mails", "50", "--json"]);
    expect(exitCode, stderr).toBe(0);
    const measured = JSON.parse(stdout) as Measured;
    expect(measured.machine).toMatchObject({
      cores: expect.any(Number) as number,
      memoryBytes: expect.any(Number) as number,
      kernel: expect.any(String) as string,
      engineVersion: expect.any(String) as string,
      cgroupVersion: expect.stringMatching(/^[12]$/) as string,
    });
    expect(measured.runs).toHaveLength(1);
    for (const figure of [measured.lab, measured.baseline, measured.unchangedUp, measured.down]) {
      expect(figure.min).toBeGreaterThan(0.2);
      expect(figure.median).toBe(figure.max);
    }
    expect(measured.ratio).toBeCloseTo(measured.lab.median / measured.baseline.median);
    expect(measured.memoryBytes.max).toBeGreaterThan(20 * 2 ** 20);
    expect(measured.memoryBytes.max).toBeLessThan(120 * 2 ** 20);
    expect(measured.mails).toMatchObject({ sent: 50, lost: 0, doubled: 0 });
    expect(await leftovers(measured.stack)).toEqual([]);
  });

  it.runIf(isFullRun)("removes the plain script's containers as well when it is interrupted", async () => {
    const child = execa(join(projectRoot, "lab"), ["bench", "--runs", "1", "--mails", "0"], {
      cwd: projectRoot,
      env: { LANG: "C.UTF-8" },
      reject: false,
    });
    end = async () => {
      child.kill("SIGTERM");
      return await child;
    };
    const stack = `bench-${child.pid ?? 0}`;
    const ended = child.then(() => true);
    await waitUntil({ awaited: "the script's hosts", deadlineMs: 5 * minutes }, async () => {
      const made = await names("container", `${stack}-baseline`);
      const isOver = await Promise.race([ended, Promise.resolve(false)]);
      return made.length === 3 || isOver ? true : undefined;
    });
    child.kill("SIGINT");
    const { stderr, exitCode } = await child;
    expect(stderr).toContain("LAB_INTERRUPTED");
    expect(exitCode).toBe(5);
    expect(await leftovers(stack)).toEqual([]);
  });

  it("measures a class with a mail in each seat, and a plain script, and leaves nothing behind", async () => {
    const words = ["bench", "--seats", "1", "--stage", "finished", "--runs", "1", "--json"];
    const { exitCode, stdout, stderr } = await runLab(words);
    expect(exitCode, stderr).toBe(0);
    const measured = JSON.parse(stdout) as MeasuredClass;
    expect(measured.measurements).toMatchObject([{ seats: 1, stage: "finished" }]);
    const [measurement] = measured.measurements;
    const ratios = measurement?.ratios ?? {};
    const median = (name: string): number => measurement?.figures[name]?.median ?? Number.NaN;
    expect([median("containers"), median("networks")]).toEqual([3, 1]);
    expect(median("mailSeconds")).toBeGreaterThan(median("upSeconds"));
    expect(median("baselineSmtpSeconds")).toBeGreaterThanOrEqual(median("baselineSeconds"));
    expect(ratios["mail"]).toBeCloseTo(median("mailSeconds") / median("baselineSmtpSeconds"));
    expect(ratios["down"]).toBeCloseTo(median("downSeconds") / median("baselineDownSeconds"));
    for (const name of ["memoryBytes", "baselineMemoryBytes"]) {
      expect(median(name), name).toBeGreaterThan(20 * 2 ** 20);
      expect(median(name), name).toBeLessThan(120 * 2 ** 20);
    }
    for (const name of ["containerCpuSeconds", "baselineContainerCpuSeconds"])
      expect(median(name), name).toBeGreaterThan(0.5);
    expect(median("diskBytes")).toBeGreaterThan(0);
    if (process.platform === "linux") {
      expect(median("commandCpuSeconds")).toBeGreaterThan(0.5);
      expect(median("commandPeakBytes")).toBeGreaterThan(50 * 2 ** 20);
    }
    expect(measured.fits).toEqual([]);
    expect(await leftovers(measured.stack)).toEqual([]);
  });

  // Each takes half a minute more.
  describe.runIf(isFullRun)("interrupted while it measures a class", () => {
    it.each([
      { part: "the class", suffix: "-01" },
      { part: "the plain script", suffix: "-baseline-01" },
    ])("removes $part", async ({ suffix }) => {
      const child = execa(
        join(projectRoot, "lab"),
        ["bench", "--seats", "2", "--stage", "exercise", "--runs", "1"],
        { cwd: projectRoot, env: { LANG: "C.UTF-8" }, reject: false },
      );
      end = async () => {
        child.kill("SIGTERM");
        return await child;
      };
      const stack = `bench-${child.pid ?? 0}`;
      const ended = child.then(() => true);
      await waitUntil({ awaited: "the first container", deadlineMs: 5 * minutes }, async () => {
        const made = await names("container", `${stack}${suffix}`);
        const isOver = await Promise.race([ended, Promise.resolve(false)]);
        return made.length > 0 || isOver ? true : undefined;
      });
      child.kill("SIGINT");
      const { stderr, exitCode } = await child;
      expect(stderr).toContain("LAB_INTERRUPTED");
      expect(exitCode).toBe(5);
      expect(await leftovers(stack)).toEqual([]);
    });
  });

  it.each([
    { words: ["--seats", "0"], said: "1 … 100" },
    { words: ["--seats", "5,x"], said: "1 … 100" },
    { words: ["--seats", "5", "--mails", "10"], said: "--mails" },
    { words: ["--stage", "finished"], said: "--seats" },
  ])("refuses $words", async ({ words, said }) => {
    const { exitCode, stderr } = await runLab(["bench", ...words]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(said);
  });

  it("refuses numbers that make no measurement", async () => {
    const { exitCode, stderr } = await runLab(["bench", "--runs", "0"]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("1 … 50");
  });
});
