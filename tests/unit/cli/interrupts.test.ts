import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, it } from "vitest";

const folder = join(import.meta.dirname, "..", "..", "..", "src", "cli");

/** Waits until it is interrupted, and says what for. */
const program = `import { followInterrupts } from "${folder}/interrupts.ts";
  const signal = followInterrupts((text) => text.en);
  const alive = setInterval(() => undefined, 1000);
  signal.addEventListener("abort", () => {
    clearInterval(alive);
    console.log(signal.reason.name, signal.reason.code, signal.reason.exit);
  });
  console.log("waiting");`;

describe("a command that is interrupted", () => {
  it.each(["SIGINT", "SIGTERM"] as const)("has its work end by LAB_INTERRUPTED at %s", async (name) => {
    const options = { stdin: "ignore", reject: false } as const;
    const command = execa(process.execPath, ["--input-type=module-typescript", "--eval", program], options);
    for await (const line of command.iterable()) if (line === "waiting") command.kill(name);
    const { stdout, stderr, exitCode } = await command;
    expect(stdout).toBe("waiting\nLabError LAB_INTERRUPTED 5");
    expect(stderr).toContain("Stopping in order");
    expect(exitCode).toBe(0);
  });
});
