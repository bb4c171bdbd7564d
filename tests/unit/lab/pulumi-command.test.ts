import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { temporaryFolder } from "../toolchain/support/temporary-folder.ts";

/** A `pulumi` of a version, which notes each time that it is started. */
function placePulumi(folder: string, version: string): void {
  const program = join(folder, `pulumi-${version}`);
  writeFileSync(program, `#!/bin/sh\necho "$*" >>"${folder}/calls"\necho v${version}\n`);
  chmodSync(program, 0o755);
  mkdirSync(join(folder, ".lab", "bin"), { recursive: true });
  const link = join(folder, ".lab", "bin", "pulumi");
  symlinkSync(program, link);
}

const calls = (folder: string): readonly string[] =>
  readFileSync(join(folder, "calls"), "utf8").split("\n").filter(Boolean);

/** As a command of its own finds it, with nothing in its memory. */
async function findAnew(folder: string) {
  vi.resetModules();
  const { pulumiCommandOf } = await import("../../../src/lab/stack/pulumi-command.ts");
  return pulumiCommandOf(join(folder, ".lab"), folder);
}

describe("the pulumi of a checkout", () => {
  it("is asked for its version once, and started as itself", async () => {
    using folder = temporaryFolder();
    placePulumi(folder.path, "3.259.0");
    const asked = await findAnew(folder.path);
    const remembered = await findAnew(folder.path);
    expect(calls(folder.path)).toEqual(["version"]);
    for (const { command, version } of [asked, remembered]) {
      expect(command).toBe(join(folder.path, ".lab", "bin", "pulumi"));
      expect(version?.toString()).toBe("3.259.0");
    }
    const run = Reflect.get(remembered, "run") as (
      words: readonly string[],
      at: string,
      env: object,
    ) => unknown;
    await run.call(remembered, ["up"], folder.path, {});
    expect(calls(folder.path)).toEqual(["version", "up --non-interactive"]);
  });

  it("is asked again where another program took its place, or what is remembered makes no sense", async () => {
    using folder = temporaryFolder();
    placePulumi(folder.path, "3.259.0");
    await findAnew(folder.path);
    const program = join(folder.path, "pulumi-3.259.0");
    writeFileSync(program, readFileSync(program, "utf8").replace("echo v3.259.0", "echo v3.270.12"));
    expect((await findAnew(folder.path)).version?.toString()).toBe("3.270.12");
    const facts = join(folder.path, ".lab", "toolchain.json");
    writeFileSync(facts, readFileSync(facts, "utf8").replace('"3.270.12"', '"none"'));
    expect((await findAnew(folder.path)).version?.toString()).toBe("3.270.12");
    expect(calls(folder.path)).toEqual(["version", "version", "version"]);
  });
});
