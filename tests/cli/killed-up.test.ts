import { randomBytes } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, describe, expect, it } from "vitest";
import { waitUntil } from "../../src/protocols/wait-until.ts";
import { listByLabel, projectRoot, runLab, type LabRun } from "../support/lab-command.ts";

const stack = `killed-${randomBytes(3).toString("hex")}`;
const label = `mail-lab.stack=${stack}`;
/** How long a living engine may go on after its command is gone; the rest of a build at most. */
const engineDeadlineMs = 120_000;
const mailDeadlineMs = 60_000;
/** For a build, a second one and five more commands on a busy machine. */
const momentTimeoutMs = 400_000;

/** What is killed: the command with the engine below it, or the command alone. */
type Victim = "whole group" | "command alone";

/** A moment is a line of the progress. */
const moments: readonly (readonly [Victim, string])[] = [
  ["whole group", "starting container"],
  ["command alone", "create host1-6.05"],
];
const furtherMoments: readonly (readonly [Victim, string])[] = [
  ["whole group", "create seed"],
  ["whole group", "creating network"],
  ["whole group", "creating container"],
  ["whole group", "attaching to network"],
  ["whole group", "create host1-6.01"],
  ["whole group", "create host2-6.10"],
  ["command alone", "creating network"],
  ["command alone", "starting container"],
];
const isFull = process.env["MAIL_LAB_FULL_TESTS"] === "1";
if (!isFull) console.error("killed-up: skipped, minutes long; ./lab test --full kills an up at ten moments");

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
    env: { LANG: "C.UTF-8", LC_ALL: "" },
  });
  let isKilled = false;
  for await (const line of up.iterable({ from: "stderr" })) {
    if (isKilled || up.pid === undefined || !line.includes(moment)) continue;
    isKilled = true;
    process.kill(victim === "whole group" ? -up.pid : up.pid, "SIGKILL");
  }
  const { signal } = await up;
  expect(isKilled, `“${moment}” was never said`).toBe(true);
  expect(signal).toBe("SIGKILL");
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

async function expectMailAcross(): Promise<void> {
  const on = (host: string, user: string) => ["exec", host, "--user", user, "--stack", stack, "--"];
  const sent = await runLab([...on("host1", "user1"), "echo hello | mail -s across user2@example2.test"]);
  expect(sent.exitCode, sent.stderr).toBe(0);
  await waitUntil({ awaited: "the mail in user2's mailbox", deadlineMs: mailDeadlineMs }, async () => {
    const found = await runLab([...on("host2", "user2"), "grep -q '^Subject: across' /var/mail/user2"]);
    return found.exitCode === 0 ? true : undefined;
  });
}

describe.runIf(isFull)("an up that is killed", () => {
  afterEach(async () => {
    const down = await runLab(["down", "--forget", "--stack", stack]);
    expect(down.exitCode, down.stderr).toBe(0);
    for (const kind of ["container", "network", "volume"] as const)
      expect(await listByLabel(kind, label)).toEqual([]);
  });

  it("at its very start can be forgotten", async () => {
    await killAt("whole group", "create seed");
    const down = await onceUnlocked(["down", "--forget"]);
    expect(down.exitCode, down.stderr).toBe(0);
  });

  it.each([...moments, ...furtherMoments])(
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
      await waitUntil({ awaited: "the stack's processes to end" }, async () =>
        (await processesOfStack()).length === 0 ? true : undefined,
      );
      const state = await readFile(
        join(projectRoot, ".lab", "state", ".pulumi", "stacks", "mail-lab", `${stack}.json`),
        "utf8",
      );
      expect(state).not.toContain("pending_operations");
      expect(state).not.toContain("PRIVATE KEY");
    },
    momentTimeoutMs,
  );
});
