import { readFileSync } from "node:fs";
import { mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { localCommand } from "../../../../toolchain/offline/command/local-command.ts";
import { recordedContext } from "./operation-recorder.ts";

const command = localCommand({ environment: process.env, folder: process.cwd() });
let folder: string;

beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "offline-command-")));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** A process that has ended may wait for init to take notice of it: that one doesn't run. */
function isRunning(pid: number): boolean {
  try {
    // The state stands behind the name, which may hold anything but is in parentheses (proc(5)).
    const state = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1) ?? "";
    return !state.startsWith("Z");
  } catch {
    return false;
  }
}

describe("a local command", () => {
  it("keeps its output without the last line's end, and is named after the resource", async () => {
    const { id, state } = await command.create(
      { create: "echo out; echo; echo warn >&2" },
      recordedContext(),
    );
    expect(id).toMatch(/^step[0-9a-f]{8}$/);
    expect(state).toEqual({ create: "echo out; echo; echo warn >&2", stdout: "out\n", stderr: "warn" });
  });

  it("reads stdin, runs in its folder with its variables and its interpreter", async () => {
    const { state } = await command.create(
      {
        create: 'cat; echo "$A $(pwd)"; [[ a == a ]] && echo "${BASH_VERSION:+bash}"',
        stdin: "in\n",
        dir: folder,
        environment: { A: "1" },
        interpreter: ["/bin/bash", "-c"],
      },
      recordedContext(),
    );
    expect(state["stdout"]).toBe(`in\n1 ${folder}\nbash`);
  });

  it("needs no reader for its stdin", async () => {
    const { state } = await command.create(
      { create: "true", stdin: "x".repeat(1_000_000) },
      recordedContext(),
    );
    expect(state["stdout"]).toBe("");
  });

  it("shows its lines while it runs", async () => {
    const context = recordedContext();
    await command.create({ create: "printf 'one\\ntwo\\nthree'; echo warn >&2" }, context);
    expect(context.lines.toSorted()).toEqual(["one", "three", "two", "warn"]);
  });

  it.each([
    ["none", []],
    ["stdout", ["out"]],
    ["stderr", ["warn"]],
  ])("shows no more than logging allows: %s", async (logging, lines) => {
    const context = recordedContext();
    await command.create({ create: "echo out; echo warn >&2", logging }, context);
    expect(context.lines).toEqual(lines);
  });

  it("fails with its exit code and its words", async () => {
    await expect(
      command.create({ create: "echo before; echo oops >&2; exit 7" }, recordedContext()),
    ).rejects.toThrow(/^the command failed with exit code 7:\n(before\noops|oops\nbefore)$/);
  });

  it("keeps stdout out of the error where logging keeps it out of the status", async () => {
    const inputs = { create: "echo hidden; echo oops >&2; exit 7", logging: "none" };
    await expect(command.create(inputs, recordedContext())).rejects.toThrow(
      "the command failed with exit code 7:\noops",
    );
  });

  it("says which folder or interpreter is missing", async () => {
    await expect(
      command.create({ create: "true", dir: join(folder, "no") }, recordedContext()),
    ).rejects.toThrow("is not a folder on this machine");
    await expect(
      command.create({ create: "true", interpreter: ["/no/sh"] }, recordedContext()),
    ).rejects.toThrow("/no/sh can't be started");
  });

  it("runs update, or create where there is none, with the output of the run before", async () => {
    const oldState = { create: "x", stdout: "old out", stderr: "old err" };
    const update = 'echo "$PULUMI_COMMAND_STDOUT,$PULUMI_COMMAND_STDERR"';
    const change = { id: "x", oldInputs: {}, oldState };
    const context = recordedContext();
    expect(await command.update({ ...change, news: { create: "no", update } }, context)).toMatchObject({
      update,
      stdout: "old out,old err",
    });
    expect(await command.update({ ...change, news: { create: update } }, context)).toMatchObject({
      stdout: "old out,old err",
    });
    const news = { create: update, addPreviousOutputInEnv: false };
    expect(await command.update({ ...change, news }, context)).toMatchObject({ stdout: "," });
  });

  it("keeps its outputs when there is nothing to run", async () => {
    const change = {
      id: "x",
      oldInputs: {},
      oldState: { stdout: "o", stderr: "e" },
      news: { delete: "true" },
    };
    expect(await command.update(change, recordedContext())).toEqual({
      delete: "true",
      stdout: "o",
      stderr: "e",
    });
    expect((await command.create({}, recordedContext())).state).toEqual({ stdout: "", stderr: "" });
  });

  it("deletes by the recorded command", async () => {
    const file = join(folder, "gone");
    const state = {
      delete: 'echo "$PULUMI_COMMAND_STDOUT" > "$FILE"',
      environment: { FILE: file },
      stdout: "o",
      stderr: "",
    };
    await command.delete({ id: "x", state, inputs: {} }, recordedContext());
    expect(await readFile(file, "utf8")).toBe("o\n");
  });

  it("reads back what was recorded", async () => {
    const found = { id: "x", state: { stdout: "o" }, inputs: { create: "x" } };
    expect(await command.read(found, recordedContext())).toEqual(found);
  });

  it("ends with everything that it started when the operation is cancelled", async () => {
    const cancel = new AbortController();
    const pidFile = join(folder, "pid");
    await writeFile(pidFile, "");
    const running = command.create(
      { create: 'sleep 300 & echo $! > "$FILE"; wait', environment: { FILE: pidFile } },
      recordedContext(cancel.signal),
    );
    const outcome = expect(running).rejects.toThrow("cancelled");
    const pid = await vi.waitFor(async () => {
      const text = await readFile(pidFile, "utf8");
      expect(text).not.toBe("");
      return Number(text);
    });
    const begin = performance.now();
    cancel.abort(new Error("cancelled"));
    await outcome;
    expect(performance.now() - begin).toBeLessThan(3000);
    await vi.waitFor(() => {
      expect(isRunning(pid)).toBe(false);
    });
  });

  it("is killed when it doesn't heed the interruption", async () => {
    const cancel = new AbortController();
    const pidFile = join(folder, "pid");
    await writeFile(pidFile, "");
    const running = command.create(
      {
        create: "trap '' INT; echo $$ > \"$FILE\"; while :; do sleep 0.1; done",
        environment: { FILE: pidFile },
      },
      recordedContext(cancel.signal),
    );
    const outcome = expect(running).rejects.toThrow("cancelled");
    const pid = await vi.waitFor(async () => {
      const text = await readFile(pidFile, "utf8");
      expect(text).not.toBe("");
      return Number(text);
    });
    cancel.abort(new Error("cancelled"));
    await outcome;
    await vi.waitFor(() => {
      expect(isRunning(pid)).toBe(false);
    });
  });

  it("doesn't start at all once everything is cancelled", async () => {
    const file = join(folder, "ran");
    const inputs = { create: `touch ${file}` };
    await expect(
      command.create(inputs, recordedContext(AbortSignal.abort(new Error("cancelled")))),
    ).rejects.toThrow("cancelled");
    await expect(readFile(file)).rejects.toThrow("ENOENT");
  });
});
