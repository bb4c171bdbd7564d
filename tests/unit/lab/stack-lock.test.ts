import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { LabContext } from "../../../src/lab/lab-context.ts";
import { labPaths } from "../../../src/lab/lab-paths.ts";
import { clearDeadLocks } from "../../../src/lab/stack/stack-lock.ts";

let root: string;
let locks: string;
let context: LabContext;
let said: string[];

beforeEach(async () => {
  vi.stubEnv("PULUMI_BACKEND_URL", undefined);
  root = await mkdtemp(join(tmpdir(), "mail-lab-lock-"));
  said = [];
  const report = { say: ({ en }: { en: string }) => said.push(en) };
  context = { stack: "dev", paths: labPaths("dev", root), report } as unknown as LabContext;
  locks = join(context.paths.state, ".pulumi", "locks", "organization", "mail-lab", "dev");
  await mkdir(locks, { recursive: true });
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(root, { recursive: true });
});

async function writeLock(content: unknown): Promise<void> {
  await writeFile(join(locks, "one.json"), JSON.stringify(content));
  await writeFile(join(locks, "one.json.attrs"), "{}");
}

/** A program of that name that runs until it is told to end. */
async function running(name: string): Promise<{ pid: number; [Symbol.asyncDispose](): Promise<void> }> {
  const program = join(root, name);
  await copyFile("/bin/sleep", program);
  const child = spawn(program, ["60"], { stdio: "ignore" });
  await once(child, "spawn");
  return {
    pid: child.pid ?? 0,
    [Symbol.asyncDispose]: async () => {
      const end = once(child, "exit");
      child.kill("SIGKILL");
      await end;
    },
  };
}

async function deadPid(): Promise<number> {
  await using process = await running("pulumi");
  return process.pid;
}

describe("a stack's lock", () => {
  it("is cleared where its engine is dead, and that is said", async () => {
    const pid = await deadPid();
    await writeLock({ pid, hostname: hostname() });
    await clearDeadLocks(context);
    expect(await readdir(locks)).toEqual([]);
    expect(said).toEqual([`The last command on dev was killed (process ${pid}): its lock is cleared.`]);
  });

  it("of a living engine stands, and the engine is named", async () => {
    await using engine = await running("pulumi");
    await writeLock({ pid: engine.pid, hostname: hostname() });
    await expect(clearDeadLocks(context)).rejects.toMatchObject({
      code: "LAB_STACK_LOCKED",
      message: `The process ${engine.pid} (${hostname()}) is working on the lab dev.`,
    });
    expect(await readdir(locks)).toEqual(["one.json", "one.json.attrs"]);
  });

  it("is cleared where another program has the dead engine's number", async () => {
    await using other = await running("other");
    await writeLock({ pid: other.pid, hostname: hostname() });
    await clearDeadLocks(context);
    expect(await readdir(locks)).toEqual([]);
  });

  it("of another machine stands, whatever runs here", async () => {
    await writeLock({ pid: await deadPid(), hostname: "elsewhere" });
    await expect(clearDeadLocks(context)).rejects.toMatchObject({ code: "LAB_STACK_LOCKED" });
  });

  it("that is being written stands", async () => {
    await writeFile(join(locks, "one.json"), "");
    await expect(clearDeadLocks(context)).rejects.toMatchObject({ code: "LAB_STACK_LOCKED" });
  });

  it("of another stack is not looked at", async () => {
    await writeLock({ pid: await deadPid(), hostname: hostname() });
    await clearDeadLocks({ ...context, stack: "exam" });
    expect(await readdir(locks)).toHaveLength(2);
  });

  it("goes with the files beside the state that the engine was writing when it was killed", async () => {
    const folder = join(context.paths.state, ".pulumi", "stacks", "mail-lab");
    await mkdir(folder, { recursive: true });
    const files = { "dev.json": "", "dev.json.attrs": "", "dev.json.1.tmp": "{", "dev.json.bak.attrs": "{}" };
    for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
    await clearDeadLocks(context);
    expect(await readdir(folder)).toEqual(["dev.json", "dev.json.bak.attrs"]);
  });

  it("is left to Pulumi in a backend of the user's own", async () => {
    vi.stubEnv("PULUMI_BACKEND_URL", "s3://somewhere");
    await writeLock({ pid: await deadPid(), hostname: hostname() });
    await clearDeadLocks(context);
    expect(await readdir(locks)).toHaveLength(2);
  });

  it("leaves no half-written configuration of a killed command behind, and a living one's alone", async () => {
    const folder = join(root, ".lab", "stacks");
    await mkdir(folder, { recursive: true });
    const dead = await deadPid();
    const kept = [
      "Pulumi.dev.chosen.json",
      "Pulumi.dev.yaml",
      `Pulumi.dev.yaml.${process.pid}`,
      `Pulumi.other.yaml.${dead}`,
    ];
    for (const name of [...kept, `Pulumi.dev.yaml.${dead}`, `Pulumi.dev.chosen.json.${dead}`])
      await writeFile(join(folder, name), "");
    await clearDeadLocks(context);
    expect((await readdir(folder)).sort()).toEqual(kept);
  });
});
