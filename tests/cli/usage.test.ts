import { describe, expect, it } from "vitest";
import { runLab } from "../support/lab-command.ts";

describe("./lab", () => {
  it.each([
    ["en", "Usage:", "take the lab down; the images stay"],
    ["ja", "使い方:", "ラボを撤去する"],
  ])("explains itself in %s", async (language, heading, words) => {
    const { exitCode, stdout } = await runLab(["--help", "--lang", language]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(heading);
    expect(stdout).toContain(words);
  });

  it.each([
    [["upp"], "unknown command"],
    [["up", "--fast"], "unknown option"],
    [["ssh", "host1"], "is not USER@HOST"],
    [["up", "--stack", "Dev Lab"], "can't name a stack"],
    [["test", "--project", "nothing"], "--project"],
  ])("refuses %j with exit code 2 and says why", async (words, sentence) => {
    const { exitCode, stdout, stderr } = await runLab(words);
    expect(stderr).toContain(sentence);
    expect(stdout).toBe("");
    expect(exitCode).toBe(2);
  });

  it("takes down a lab that was never there without a word of error", async () => {
    const { exitCode, stdout } = await runLab(["down", "--stack", "never-there"]);
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: "The lab never-there is not up; there is nothing to take down.",
    });
  });

  it("says that a lab is not up, with exit code 4", async () => {
    expect(await runLab(["status", "--stack", "never-there"])).toMatchObject({
      exitCode: 4,
      stdout: "The lab never-there is not up.",
    });
    const asJson = await runLab(["status", "--stack", "never-there", "--json"]);
    expect(JSON.parse(asJson.stdout)).toEqual({ stack: "never-there", isUp: false, nodes: [] });
  });
});
