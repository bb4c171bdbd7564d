import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { promiseValues, readPromises } from "../../../src/lab/machine/promised-values.ts";

/** No process has it: above the kernel's highest number. */
const deadPid = 2 ** 22 + 1;

let cache: string;

beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), "mail-lab-promised-"));
  vi.stubEnv("MAIL_LAB_CACHE", cache);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(cache, { recursive: true });
});

describe("what a class was given before it is built", () => {
  it("is nobody else's until it is taken back", async () => {
    const takeBack = await promiseValues({ carrierSubnets: ["10.213.7.0/24"], ports: [2212, 5311] });
    const { ranges, ports } = await readPromises();
    expect(ranges.map(({ network }) => network.prefixLength)).toEqual([24]);
    expect([...ports]).toEqual([2212, 5311]);
    await takeBack();
    expect(await readPromises()).toEqual({ ranges: [], ports: new Set() });
  });

  it("counts no more once its process is dead, and is removed", async () => {
    const file = join(cache, "promised", `${deadPid}-0123abcd.json`);
    await mkdir(join(cache, "promised"));
    await writeFile(file, JSON.stringify({ carrierSubnets: ["10.213.7.0/24"], ports: [2212] }));
    expect(await readPromises()).toEqual({ ranges: [], ports: new Set() });
    expect(existsSync(file)).toBe(false);
  });

  it("is written whole: a half of it is not read", async () => {
    await mkdir(join(cache, "promised"));
    await writeFile(join(cache, "promised", `${process.pid}-0123abcd.json.part`), '{"carrier');
    expect(await readPromises()).toEqual({ ranges: [], ports: new Set() });
    expect(await readdir(join(cache, "promised"))).toHaveLength(1);
  });
});
