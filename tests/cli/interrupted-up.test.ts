import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, describe, expect, it } from "vitest";
import { listByLabel, projectRoot, runLab } from "../support/lab-command.ts";

const stack = `int-${randomBytes(3).toString("hex")}`;

describe("an up that is interrupted", () => {
  afterAll(async () => {
    expect((await runLab(["down", "--forget", "--stack", stack])).exitCode).toBe(0);
    expect(await listByLabel("container", `mail-lab.stack=${stack}`)).toEqual([]);
  });

  it("ends in order, says how to go on, and goes on", async () => {
    const up = execa(join(projectRoot, "lab"), ["up", "--stack", stack], {
      cwd: projectRoot,
      reject: false,
      stdin: "ignore",
      env: { LANG: "C.UTF-8" },
    });
    let isInterrupted = false;
    for await (const line of up.iterable({ from: "stderr" })) {
      // The hosts stand and the chapter has begun: the worst moment there is. Once: a third Ctrl-C would give up.
      if (isInterrupted || !line.includes("host1-6.02")) continue;
      isInterrupted = up.kill("SIGINT");
    }
    const { exitCode, stderr } = await up;
    expect(stderr).toContain("LAB_INTERRUPTED");
    expect(exitCode).toBe(5);
    const again = await runLab(["up", "--stack", stack]);
    expect(again.exitCode, again.stderr).toBe(0);
    const status = await runLab(["status", "--stack", stack]);
    expect(status.exitCode, status.stdout).toBe(0);
  });
});
