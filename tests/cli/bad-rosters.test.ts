import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { classNameOf } from "../../src/model/roster/roster.ts";
import { projectRoot, runLab } from "../support/lab-command.ts";
import { badRosters } from "../unit/model/bad-rosters.ts";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "bad-rosters-"));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** What an error's JSON has. */
interface ErrorJson {
  readonly error: { readonly code: string; readonly details: readonly string[]; readonly hint?: string };
}

const rows = badRosters.map((roster, index) => ({ ...roster, file: `bad-roster-${index}.csv` }));

describe("./lab seats up", () => {
  it.concurrent.each(rows)("refuses $name, by line and column in both languages", async (row) => {
    const file = join(folder, row.file);
    await writeFile(file, row.content);
    const run = await runLab(["seats", "up", file, "--json"], { env: { LANG: "ja_JP.UTF-8" } });
    expect(run.exitCode).toBe(2);
    const { error } = JSON.parse(run.stdout) as ErrorJson;
    expect(error.code).toBe("LAB_ROSTER");
    expect(error.hint).toBeTruthy();
    expect(error.details).toHaveLength(row.problems.length);
    const japanese = run.stderr.split("\n").filter((line) => line.trim().startsWith(file));
    for (const [index, [place, en, ja]] of row.problems.entries()) {
      expect(error.details[index]).toContain(`${file}:${place}: `);
      expect(error.details[index]).toContain(en);
      expect(japanese[index]).toContain(`${file}:${place}: `);
      expect(japanese[index]).toContain(ja);
    }
  });

  it("refuses a file that is not there, and a folder", async () => {
    for (const [file, reason] of [
      [join(folder, "none.csv"), "there is no such file"],
      [folder, "it is a folder"],
    ] as const) {
      const run = await runLab(["seats", "up", file]);
      expect({ exitCode: run.exitCode, stdout: run.stdout }).toEqual({ exitCode: 2, stdout: "" });
      expect(run.stderr).toContain(reason);
      expect(run.stderr).toContain("[LAB_ROSTER_FILE]");
    }
  });
});

describe("every other command on a class", () => {
  it.concurrent.each(["status", "check", "handout"])("refuses a bad roster too: %s", async (command) => {
    const file = join(folder, `bad-roster-${command}.csv`);
    await writeFile(file, "seat,name\n01,\n");
    const run = await runLab(["seats", command, file]);
    expect({ exitCode: run.exitCode, stdout: run.stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(run.stderr).toContain(`${file}:2:4: the name is empty`);
  });
});

describe("a refused roster", () => {
  it("has left nothing behind: no class, no configuration, no container or network", async () => {
    const names = rows.map(({ file }) => classNameOf(file));
    expect(names.filter((name) => existsSync(join(projectRoot, ".lab", "classes", name)))).toEqual([]);
    const stacks = await readdir(join(projectRoot, ".lab", "stacks"));
    expect(stacks.filter((name) => name.includes("bad-roster-"))).toEqual([]);
    for (const words of [
      ["container", "ls", "--all"],
      ["network", "ls"],
    ]) {
      const format = words[0] === "container" ? "{{.Names}}" : "{{.Name}}";
      const { stdout } = await execa("docker", [...words, "--format", format]);
      expect(stdout.split("\n").filter((name) => name.includes("bad-roster-"))).toEqual([]);
    }
  });
});
