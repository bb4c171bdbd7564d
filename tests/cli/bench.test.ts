import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, describe, expect, it } from "vitest";
import { waitUntil } from "../../src/protocols/wait-until.ts";
import { projectRoot, runLab } from "../support/lab-command.ts";

const minutes = 60_000;

async function names(kind: "container" | "network", prefix: string): Promise<readonly string[]> {
  const all = kind === "container" ? ["--all"] : [];
  const format = kind === "container" ? "{{.Names}}" : "{{.Name}}";
  const { stdout } = await execa("docker", [kind, "ls", ...all, "--format", format]);
  return stdout.split("\n").filter((name) => name.startsWith(`${prefix}-`));
}

/** Everything that a measurement might leave: on the engine, of its stack, in the folder of temporary files. */
async function leftovers(stack: string): Promise<readonly string[]> {
  const stacks = await readdir(join(projectRoot, ".lab", "stacks"));
  return [
    ...(await names("container", stack)),
    ...(await names("network", stack)),
    ...stacks.filter((file) => file.includes(`.${stack}.`)),
  ];
}

interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
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

  it("removes the plain script's containers as well when it is interrupted", async () => {
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

  it("refuses numbers that make no measurement", async () => {
    const { exitCode, stderr } = await runLab(["bench", "--runs", "0"]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("1 … 50");
  });
});
