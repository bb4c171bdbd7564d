import { randomBytes } from "node:crypto";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { waitUntil } from "../../src/protocols/wait-until.ts";
import { isFullRun } from "../support/full-run.ts";
import { listByLabel, projectRoot, runLab, type LabRun } from "../support/lab-command.ts";

const stack = `killed-${randomBytes(3).toString("hex")}`;
const label = `mail-lab.stack=${stack}`;
/** How long a living engine may go on after its command is gone; the rest of a build at most. */
const engineDeadlineMs = 120_000;
/** Longer than until Postfix tries a mail again that it had to put off (five minutes). */
const mailDeadlineMs = 400_000;
/** For a build, a second one and five more commands on a busy machine. */
const momentTimeoutMs = 400_000;

/** What is killed: the command with the engine below it, or the command alone. */
type Victim = "whole group" | "command alone";

/** A moment is a line of the progress; ten of them, from the first resource to the last. */
const moments = [
  ["create seed", ["whole group"]],
  ["create base-image", ["whole group"]],
  ["creating network", ["whole group", "command alone"]],
  ["creating container", ["whole group", "command alone"]],
  ["attaching to network", ["whole group"]],
  ["starting container", ["whole group", "command alone"]],
  ["create host1-6.01", ["whole group"]],
  ["create host1-6.05", ["whole group", "command alone"]],
  ["create host2-6.08", ["whole group"]],
  ["create host2-6.11", ["whole group", "command alone"]],
] as const satisfies readonly (readonly [string, readonly Victim[]])[];
/** The worst: the engine lives on for a moment, and a step half ran. */
const everyday = "command alone, create host1-6.05";
const kills = moments
  .flatMap(([moment, victims]) => victims.map((victim) => [victim, moment] as const))
  .filter(([victim, moment]) => isFullRun || everyday === `${victim}, ${moment}`);
if (!isFullRun)
  console.error(
    "killed-up: one of fifteen kills; ./lab test --full has them all and takes a quarter of an hour",
  );

/** Where the killed command and its engine put what they need for a while. */
let temporary: string;

/** Processes of the stack's engine, its plugins and its program, each with its command line. */
async function processesOfStack(): Promise<readonly string[]> {
  const found = await Promise.all(
    (await readdir("/proc"))
      .filter((name) => /^\d+$/.test(name))
      .map(async (pid) => {
        const read = (file: string) => readFile(`/proc/${pid}/${file}`, "utf8").catch(() => "");
        const environment = (await read("environ")).split("\0");
        if (!environment.includes(`PULUMI_STACK=${stack}`)) return [];
        return [`${pid} ${(await read("cmdline")).replaceAll("\0", " ")}`];
      }),
  );
  return found.flat();
}

async function killAt(victim: Victim, moment: string): Promise<void> {
  const up = execa(join(projectRoot, "lab"), ["up", "--stack", stack], {
    cwd: projectRoot,
    reject: false,
    stdin: "ignore",
    // A group of its own, that nobody else is in.
    detached: true,
    env: { LANG: "C.UTF-8", LC_ALL: "", TMPDIR: temporary },
  });
  let isKilled = false;
  const said: string[] = [];
  let held: EngineLock | undefined;
  for await (const line of up.iterable({ from: "stderr" })) {
    said.push(line);
    if (isKilled || up.pid === undefined || !line.includes(moment)) continue;
    isKilled = true;
    if (victim === "command alone") held = await holdEngine();
    process.kill(victim === "whole group" ? -up.pid : up.pid, "SIGKILL");
  }
  const { signal } = await up;
  expect(isKilled, `“${moment}” was never said:\n${said.join("\n")}`).toBe(true);
  expect(signal).toBe("SIGKILL");
  if (held !== undefined) await expectLivingEngineRespected(held);
}

/** Runs a command; where the engine of the killed command lives on, that has to be said until it ends. */
async function onceUnlocked(words: readonly string[]): Promise<LabRun> {
  return waitUntil({ awaited: "the living engine to end", deadlineMs: engineDeadlineMs }, async () => {
    const run = await runLab([...words, "--stack", stack]);
    if (!run.stderr.includes("LAB_STACK_LOCKED")) return run;
    expect(run.exitCode).toBe(5);
    expect(run.stderr).toMatch(/The process \d+ \(\S+\) is working on the lab/);
    return undefined;
  });
}

/** The lock of the stack's engine in the state, and the engine's process. */
interface EngineLock {
  readonly file: string;
  readonly text: string;
  readonly pid: number;
}

async function engineLock(): Promise<EngineLock | undefined> {
  const folder = join(projectRoot, ".lab", "state", ".pulumi", "locks", "organization", "mail-lab", stack);
  const [name] = (await readdir(folder).catch(() => [])).filter((file) => file.endsWith(".json"));
  if (name === undefined) return undefined;
  const file = join(folder, name);
  const text = await readFile(file, "utf8");
  return { file, text, pid: (JSON.parse(text) as { pid: number }).pid };
}

/** Stops the engine where it is, so that it outlives its command for certain. */
async function holdEngine(): Promise<EngineLock> {
  const lock = await engineLock();
  if (lock === undefined) throw new Error("the engine works without a lock");
  process.kill(lock.pid, "SIGSTOP");
  return lock;
}

/** Expects that no command works beside the living engine, and lets it go on. */
async function expectLivingEngineRespected({ file, text, pid }: EngineLock): Promise<void> {
  try {
    const containers = await listByLabel("container", label);
    for (const command of ["up", "down"]) {
      const refused = await runLab([command, "--stack", stack]);
      expect(refused.exitCode, refused.stderr).toBe(5);
      expect(refused.stderr).toContain(`The process ${pid} (`);
      expect(refused.stderr).toContain("LAB_STACK_LOCKED");
    }
    expect(await readFile(file, "utf8")).toBe(text);
    expect(await listByLabel("container", label)).toEqual(containers);
  } finally {
    process.kill(pid, "SIGCONT");
  }
}

/** Nothing that was half written, half done or held by somebody who is gone. */
async function expectNothingHalf(): Promise<void> {
  const lab = join(projectRoot, ".lab");
  const states = join(lab, "state", ".pulumi", "stacks", "mail-lab");
  const state = await readFile(join(states, `${stack}.json`), "utf8");
  expect(state).not.toContain("pending_operations");
  expect(state).not.toContain("PRIVATE KEY");
  expect(await engineLock()).toBeUndefined();
  // Pulumi itself keeps the state before the last one.
  const ofStack = async (folder: string) =>
    (await readdir(folder)).filter((name) => name.includes(stack) && !name.includes(".bak")).toSorted();
  expect(await ofStack(states)).toEqual([`${stack}.json`, `${stack}.json.attrs`]);
  expect(await ofStack(join(lab, "stacks"))).toEqual([`Pulumi.${stack}.chosen.json`, `Pulumi.${stack}.yaml`]);
  expect(await readdir(temporary)).toEqual([]);
}

async function expectMailAcross(): Promise<void> {
  const on = (host: string, user: string) => ["exec", host, "--user", user, "--stack", stack, "--"];
  const sent = await runLab([...on("host1", "user1"), "echo hello | mail -s across user2@example2.test"]);
  expect(sent.exitCode, sent.stderr).toBe(0);
  await waitUntil({ awaited: "the mail in user2's mailbox", deadlineMs: mailDeadlineMs }, async () => {
    const found = await runLab([...on("host2", "user2"), "grep -q '^Subject: across' /var/mail/user2"]);
    return found.exitCode === 0 ? true : undefined;
  });
}

describe("an up that is killed", () => {
  beforeAll(async () => {
    temporary = await mkdtemp(join(tmpdir(), "mail-lab-killed-"));
  });

  afterAll(async () => {
    await rm(temporary, { recursive: true });
  });

  afterEach(async () => {
    const down = await runLab(["down", "--forget", "--stack", stack]);
    expect(down.exitCode, down.stderr).toBe(0);
    for (const kind of ["container", "network", "volume"] as const)
      expect(await listByLabel(kind, label)).toEqual([]);
  });

  it.runIf(isFullRun)("at its very start can be forgotten", async () => {
    await killAt("whole group", "create seed");
    const down = await onceUnlocked(["down", "--forget"]);
    expect(down.exitCode, down.stderr).toBe(0);
  });

  it.each(kills)(
    "(%s, at “%s”) leaves what the next up makes a working lab of",
    async (victim, moment) => {
      await killAt(victim, moment);
      const up = await onceUnlocked(["up"]);
      expect(up.exitCode, up.stderr).toBe(0);
      const status = await runLab(["status", "--stack", stack]);
      expect(status.exitCode, status.stdout).toBe(0);
      expect(await listByLabel("container", label)).toHaveLength(3);
      expect(await listByLabel("network", label)).toHaveLength(1);
      await expectMailAcross();
      expect((await runLab(["up", "--stack", stack])).stdout).toContain("nothing had to change");
      await waitUntil({ awaited: "the stack's processes to end", deadlineMs: 120_000 }, async () =>
        (await processesOfStack()).length === 0 ? true : undefined,
      );
      await expectNothingHalf();
    },
    momentTimeoutMs,
  );
});
