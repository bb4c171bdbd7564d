import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "..", "..");
const support = join(root, "tests", "support");

/** A run that builds something before its tests and in a test file, and writes down what becomes of it. */
const files: Readonly<Record<string, string>> = {
  "vitest.config.mjs": `export default { test: {
    globals: true,
    fileParallelism: false,
    globalSetup: ["${support}/end-in-order.ts", "build.mjs"],
    setupFiles: ["${support}/outlive-interrupt.ts"],
  } };`,
  "build.mjs": `import { appendFileSync } from "node:fs";
    import { setTimeout as delay } from "node:timers/promises";
    export default () => async () => { await delay(300); appendFileSync("log", "lab down\\n"); };`,
  "a.test.mjs": `import { appendFileSync } from "node:fs";
    import { setTimeout as delay } from "node:timers/promises";
    afterAll(async () => { await delay(300); appendFileSync("log", "host removed\\n"); });
    it("runs", async () => { console.error("running"); await delay(60_000); appendFileSync("log", "test ended\\n"); });
    it("comes next", () => { appendFileSync("log", "next test\\n"); });`,
  "b.test.mjs": `import { appendFileSync } from "node:fs";
    it("is last", () => { appendFileSync("log", "next file\\n"); });`,
};

describe("an interrupted run of tests", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "mail-lab-test-"));
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  it.each([
    ["alone, as by `./lab test`", (pid: number) => pid],
    ["with its workers, as by a terminal", (pid: number) => -pid],
  ])("gives up its tests, and takes down what it built: interrupted %s", async (_how, target) => {
    const vitest = execa(process.execPath, [join(root, "node_modules/vitest/vitest.mjs"), "run"], {
      cwd: folder,
      reject: false,
      stdin: "ignore",
      detached: true,
      all: true,
    });
    for await (const line of vitest.iterable({ from: "all" })) {
      if (line.includes("running")) process.kill(target(vitest.pid ?? 0), "SIGINT");
    }
    const { exitCode, all } = await vitest;
    expect(await readFile(join(folder, "log"), "utf8"), all).toBe("host removed\nlab down\n");
    expect(exitCode).toBe(130);
  });
});
