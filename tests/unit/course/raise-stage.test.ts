import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { stageNames } from "../../../src/course/stage.ts";

const script = join(import.meta.dirname, "..", "..", "..", "infra", "raise-stage");

/** Runs the script as the engine does, with what it printed last time, and gives what it prints. */
function raise(wanted: string, applied?: string): string {
  return execFileSync(script, ["host1", wanted, ...stageNames], {
    env: applied === undefined ? {} : { PULUMI_COMMAND_STDOUT: applied },
    stdio: "pipe",
    encoding: "utf8",
  });
}

describe("the stage that the state keeps", () => {
  it("is any one for a new host", () => {
    for (const stage of stageNames) expect(raise(stage)).toBe(`${stage}\n`);
  });

  it("is raised, or stays", () => {
    expect(raise("6.07", "6.07")).toBe("6.07\n");
    expect(raise("6.10", "6.09")).toBe("6.10\n");
    expect(raise("finished", "exercise")).toBe("finished\n");
    expect(raise("finished", "6.13")).toBe("finished\n");
  });

  it.each([
    ["6.03", "6.07"],
    ["exercise", "6.01"],
    ["6.13", "finished"],
    ["6.09", "6.10"],
  ])("is not lowered: %s after %s, and the loss is named in both languages", (wanted, applied) => {
    expect(() => raise(wanted, applied)).toThrow(/host1 stands at .*reset.*mail.*リセット.*メール/s);
  });

  it("is any one where the state has the name of a stage that is no more", () => {
    expect(raise("6.01", "6.17")).toBe("6.01\n");
  });
});
