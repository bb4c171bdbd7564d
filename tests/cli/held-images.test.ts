import { randomBytes } from "node:crypto";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { planImages } from "../../src/images/image-plan.ts";
import { labPaths } from "../../src/lab/lab-paths.ts";
import { projectRoot, runLab } from "../support/lab-command.ts";
import { narrowEngine, type NarrowedEngine } from "../support/narrowed-engine.ts";

const run = randomBytes(3).toString("hex");
/** On every image that this test made, and on nothing else: of the rest of the machine's it sees nothing. */
const mark = `mail-lab.test.${run}`;
const named = (name: string): string => `mail-lab-test/${name}:${run}`;
const container = `hold-images-${run}`;

/** An image with a file of its own; ours where it carries the product's label. */
async function make(name: string, isOurs: boolean): Promise<string> {
  const dockerfile = `FROM scratch\nCMD ["${name}-${run}"]\n`;
  const labels = [`${mark}=`, ...(isOurs ? ["mail-lab.image=test"] : [])].flatMap((label) => [
    "--label",
    label,
  ]);
  await execa("docker", ["build", "--quiet", "--tag", named(name), ...labels, "-"], {
    input: dockerfile,
  });
  return named(name);
}

async function exists(reference: string): Promise<boolean> {
  return (await execa("docker", ["image", "inspect", reference], { reject: false })).exitCode === 0;
}

describe("./lab prune", () => {
  let engine: NarrowedEngine;
  const prune = (words: readonly string[] = []) =>
    runLab(["prune", ...words], { env: { DOCKER_HOST: engine.host } });

  beforeAll(async () => {
    engine = await narrowEngine(({ Labels }) => mark in (Labels ?? {}));
    for (const name of ["unused", "used"]) await make(name, true);
    await make("foreign", false);
    await execa("docker", ["create", "--name", container, named("used")]);
  });
  afterAll(async () => {
    await execa("docker", ["rm", "--force", container]);
    await execa("docker", ["image", "rm", "--force", ...["unused", "used", "foreign"].map(named)], {
      reject: false,
    });
    await engine[Symbol.asyncDispose]();
  });

  it("removes what no container uses, names it, and leaves the rest", async () => {
    const { exitCode, stdout, stderr } = await prune();
    expect(exitCode, stderr).toBe(0);
    expect(stdout).toBe(`${named("unused")}\nRemoved: 1.`);
    expect(await exists(named("unused"))).toBe(false);
    expect(await exists(named("used"))).toBe(true);
    expect(await exists(named("foreign"))).toBe(true);
  });

  it("has nothing to do a second time, and leaves the rest with --all too", async () => {
    expect((await prune()).stdout).toBe("There is no image to remove.");
    expect(JSON.parse((await prune(["--all", "--json"])).stdout)).toEqual({ removed: [], kept: [] });
    expect(await exists(named("used"))).toBe(true);
    expect(await exists(named("foreign"))).toBe(true);
  });

  it("keeps what a lab of this checkout is built from, unless told otherwise", async () => {
    const distribution = `mail-lab-test/distribution:${run}`;
    const { reference } = planImages(distribution, "finished").dns;
    const { stackConfig } = labPaths(`prune-${run}`, projectRoot);
    await mkdir(dirname(stackConfig), { recursive: true });
    await writeFile(stackConfig, `config:\n  mail-lab:baseImage: ${distribution}\n`);
    try {
      await execa("docker", ["tag", await make("unused", true), reference]);
      await execa("docker", ["image", "rm", named("unused")]);
      expect(JSON.parse((await prune(["--json"])).stdout)).toEqual({ removed: [], kept: [reference] });
      expect(await exists(reference)).toBe(true);
      expect(JSON.parse((await prune(["--all", "--json"])).stdout)).toEqual({
        removed: [reference],
        kept: [],
      });
      expect(await exists(reference)).toBe(false);
    } finally {
      await rm(stackConfig);
    }
  });
});
