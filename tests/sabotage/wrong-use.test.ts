import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CheckReport } from "../../src/lab/chapter/check.ts";
import { runLab } from "../support/lab-command.ts";
import { labUnderTest } from "../support/lab-under-test.ts";
import { doChange, undoChange } from "./lab-breaker.ts";
import { sabotages } from "./sabotages.ts";

const rowTimeoutMs = 600_000;
let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "mail-lab-check-"));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function check(...words: string[]) {
  return runLab(["check", "--stack", labUnderTest().stack, ...words]);
}

describe("./lab check, used wrongly,", () => {
  it.each([
    ["a step that the chapter does not have", ["6.99"], "6.99"],
    ["a check that there is not", ["6.02/nothing"], "6.02/nothing"],
    ["a host that the lab does not have", ["--host", "host9"], "host9"],
    ["a language that it does not speak", ["--lang", "fr"], "fr"],
    ["a JUnit file in a folder that is not there", ["--junit", "/nowhere/at/all.xml"], "/nowhere/at/all.xml"],
    ["a JUnit file that is a folder", ["--junit", "/tmp"], "/tmp"],
  ])("names %s, and ends with 2", async (_what, words, named) => {
    const { exitCode, stdout, stderr } = await check(...words);
    expect(stderr).toContain(named);
    expect(stdout).toBe("");
    expect(exitCode).toBe(2);
  });

  it("says so in Japanese where that is asked for", async () => {
    const { exitCode, stderr } = await check("6.99", "--lang", "ja");
    expect(stderr).toContain("「6.99」という手順はありません");
    expect(exitCode).toBe(2);
  });

  it("names an empty JUnit file's name, and ends with 2", async () => {
    const { exitCode, stderr } = await check("--junit", "");
    expect(stderr).toContain("--junit");
    expect(exitCode).toBe(2);
  });
});

describe("./lab check of a lab with a host that can't be looked at", () => {
  // One for each way to be out of reach: the container, sshd, the key, a shell, the programs, sudo.
  it.each(["host-stopped", "sshd-stopped", "key-removed", "shell-gone", "programs-gone", "sudo-broken"])(
    "(%s) says so on that host, passes the other, and ends with 1",
    async (id) => {
      const row = sabotages.find((sabotage) => sabotage.id === id);
      const [finding] = row?.finds ?? [];
      if (row === undefined || finding === undefined) throw new Error(`there is no row ${id}`);
      const junit = join(folder, `${id}.xml`);
      let run: Awaited<ReturnType<typeof check>>;
      try {
        await doChange(row);
        run = await check("--json", "--junit", junit);
      } finally {
        await undoChange(row);
      }
      expect(run.exitCode, run.stderr).toBe(1);
      const { results } = JSON.parse(run.stdout) as CheckReport;
      const broken = results.filter(({ status }) => status === "wrong");
      expect(broken.map(({ host, id: check, cause }) => ({ host, id: check, cause }))).toEqual([finding]);
      const others = results.filter(({ host }) => host !== finding.host);
      expect(others.length).toBeGreaterThan(0);
      // A mail to a host that can't be looked at can't be followed; all else of the other host is looked at.
      const notPassed = others.filter(({ status }) => status !== "passed");
      expect(notPassed.filter(({ blockedBy }) => blockedBy !== `${finding.host} ${finding.id}`)).toEqual([]);
      expect(notPassed.length).toBeLessThan(others.length / 4);
      const xml = await readFile(junit, "utf8");
      expect(xml).toContain(`type="${finding.cause}"`);
    },
    rowTimeoutMs,
  );
});
