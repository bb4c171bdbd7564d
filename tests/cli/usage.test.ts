import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { startSilentEngine } from "../support/engine-double.ts";
import { projectRoot, runLab } from "../support/lab-command.ts";
import { CTRL_C, startOnTerminal } from "../support/on-terminal.ts";

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
    [["help"], "take the lab down; the images stay"],
    [["help", "--lang", "ja"], "ラボを撤去する"],
    [["help", "ssh"], "such as ubuntu@host1"],
    [["help", "ssh", "--lang", "ja"], "例: ubuntu@host1"],
  ])("lists its commands and their options for %j", async (words, sentence) => {
    expect(await runLab(words)).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining(sentence) as string,
    });
  });

  it("says what is wrong with the command line to a program, too", async () => {
    const { exitCode, stdout } = await runLab(["up", "--fast", "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({
      error: { code: "LAB_USAGE", message: "Unknown option '--fast'." },
    });
    expect(exitCode).toBe(2);
  });

  it("ends without a word when nobody reads its result", async () => {
    const command = execa(join(projectRoot, "lab"), ["help"], { stdout: "pipe", reject: false });
    command.stdout.destroy();
    const { exitCode, stderr } = await command;
    expect({ exitCode, stderr }).toEqual({ exitCode: 141, stderr: "" });
  });

  it.each([
    ["on a terminal", true],
    ["elsewhere", false],
  ])("says that it was interrupted while it asked for an engine, %s", async (_where, isTerminal) => {
    await using engine = await startSilentEngine();
    const words = ["status", "--stack", "never-there", "--lang", "en"];
    // A backend of one's own may have any stack, so it has to be looked at.
    const options = {
      cwd: projectRoot,
      env: { DOCKER_HOST: engine.url, PULUMI_BACKEND_URL: "file:///nowhere" },
    };
    const lab = join(projectRoot, "lab");
    const command = isTerminal
      ? startOnTerminal([lab, ...words].join(" "), options)
      : execa(lab, words, { ...options, reject: false, all: true, stdin: "ignore", detached: true });
    await engine.asked;
    if (isTerminal) command.stdin?.write(CTRL_C);
    else command.kill("SIGINT");
    const { exitCode, all } = await command;
    const screen = stripVTControlCharacters(all);
    expect(screen).toContain("Interrupted. [LAB_INTERRUPTED]");
    expect(screen).toContain("The same command goes on from here.");
    expect(exitCode).toBe(5);
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
