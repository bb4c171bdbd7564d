import { chmod, mkdir, mkdtemp, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { LabContext } from "../../../src/lab/lab-context.ts";
import { labPaths } from "../../../src/lab/lab-paths.ts";
import { stateStamp } from "../../../src/lab/stack/own-backend.ts";
import { exportState } from "../../../src/lab/stack/pulumi-stack.ts";

/** A `pulumi` that finds half a state the first times it is asked; its calls are lines of a file beside it. */
const halfAtFirst = (badAnswers: number): string => `#!/bin/sh
[ "$1" = version ] && { echo v3.259.0; exit 0; }
echo "$*" >>"$(dirname "$0")/calls"
[ "$(wc -l <"$(dirname "$0")/calls")" -gt ${badAnswers} ] && { echo '{"version":3,"deployment":{}}'; exit 0; }
echo "error: failed to load checkpoint: unexpected end of JSON input" >&2
exit 255
`;

describe("a stack's state that is read", () => {
  let root: string;
  let stateFile: string;
  let context: LabContext;

  beforeEach(async () => {
    vi.stubEnv("PULUMI_BACKEND_URL", undefined);
    root = await mkdtemp(join(tmpdir(), "mail-lab-export-"));
    const paths = labPaths("dev", root);
    stateFile = join(paths.state, ".pulumi", "stacks", "mail-lab", "dev.json");
    await mkdir(dirname(stateFile), { recursive: true });
    await mkdir(join(root, "bin"));
    const { signal } = new AbortController();
    context = {
      stack: "dev",
      paths,
      report: { begin: () => ({ line: () => undefined, end: () => undefined }), say: () => undefined },
      signal,
      engineSignal: signal,
      toolchain: { pulumiRoot: root, environment: {} },
    } as unknown as LabContext;
  });

  afterEach(async () => {
    vi.unstubAllEnvs();
    await rm(root, { recursive: true });
  });

  async function pulumiThat(script: string): Promise<void> {
    await writeFile(join(root, "bin", "pulumi"), script);
    await chmod(join(root, "bin", "pulumi"), 0o755);
  }

  async function calls(): Promise<readonly string[]> {
    return (await readFile(join(root, "bin", "calls"), "utf8").catch(() => "")).split("\n").filter(Boolean);
  }

  it("is nobody's where there is no file of it, and nothing is started to find that out", async () => {
    await pulumiThat(halfAtFirst(0));
    expect(await exportState(context)).toBeUndefined();
    expect(await calls()).toEqual([]);
    expect(await stateStamp(context)).toBeUndefined();
  });

  it("takes one start of the engine, which is not even asked for its version", async () => {
    await writeFile(stateFile, "{}");
    await pulumiThat(
      `#!/bin/sh\necho "$*" >>"$(dirname "$0")/calls"\necho '{"version":3,"deployment":{}}'\n`,
    );
    expect(await exportState(context)).toEqual({ version: 3, deployment: {} });
    expect(await calls()).toHaveLength(1);
  });

  it("is read again where another command is writing it", async () => {
    await writeFile(stateFile, "{}");
    await pulumiThat(halfAtFirst(2));
    expect(await exportState(context)).toEqual({ version: 3, deployment: {} });
    expect(await calls()).toHaveLength(3);
  });

  it("is broken where nobody has written it for a while", async () => {
    await writeFile(stateFile, "{");
    const before = new Date(Date.now() - 60_000);
    await utimes(stateFile, before, before);
    await pulumiThat(halfAtFirst(2));
    await expect(exportState(context)).rejects.toThrow(expect.objectContaining({ code: "LAB_STATE_BROKEN" }));
    // The second one says what is wrong.
    expect(await calls()).toHaveLength(2);
  });

  it("has another stamp once it was written", async () => {
    await writeFile(stateFile, "{}");
    const before = await stateStamp(context);
    expect(await stateStamp(context)).toBe(before);
    await writeFile(stateFile, "{ }");
    expect(await stateStamp(context)).not.toBe(before);
  });
});
