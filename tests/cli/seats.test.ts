import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { labPaths } from "../../src/lab/lab-paths.ts";
import { waitUntil } from "../../src/protocols/wait-until.ts";
import { expectNothingOf, runForeign } from "../support/foreign-objects.ts";
import { isFullRun } from "../support/full-run.ts";
import { listByLabel, projectRoot, runLab, type LabRun } from "../support/lab-command.ts";

/** Nobody else's class, and short enough for a stack's name. */
const className = `t${randomBytes(3).toString("hex")}`;
const classFolder = join(projectRoot, ".lab", "classes", className);
const stackOf = (seat: string): string => `${className}-${seat}`;
const stacks = ["s1", "s2", "s3"].map(stackOf);
const foreignName = `${stackOf("s3")}-host1`;
/** Three labs on a machine that is at other work. */
const buildDeadlineMs = 300_000;

let folder: string;
let roster: string;

/** What `seats up --json` and `seats status --json` say of a seat. */
interface SeatResult {
  readonly seat: string;
  readonly outcome?: string;
  readonly state?: string;
  readonly isChanged?: boolean;
  readonly error?: { readonly code: string; readonly hint?: string };
}

interface ClassResult {
  readonly seats: readonly SeatResult[];
  readonly removed: readonly { readonly seat: string }[];
}

const resultOf = (run: LabRun): ClassResult => JSON.parse(run.stdout) as ClassResult;

async function seats(command: string, ...words: readonly string[]): Promise<LabRun> {
  return runLab(["seats", command, roster, ...words]);
}

/** Starts the command in a group of its own, that a signal may be sent to. */
function startSeats(command: string, ...words: readonly string[]) {
  return execa(join(projectRoot, "lab"), ["seats", command, roster, ...words], {
    cwd: projectRoot,
    reject: false,
    stdin: "ignore",
    detached: true,
    env: { LANG: "C.UTF-8", LC_ALL: "" },
  });
}

/** Sends the signal once the first container of a seat is there; gives how the command ended. */
async function signalOnceBuilt(
  command: ReturnType<typeof startSeats>,
  seat: string,
  signal: "SIGKILL" | "SIGINT",
) {
  const { pid } = command;
  if (pid === undefined) throw new Error("the command was not started");
  await waitUntil({ awaited: `a container of ${seat}`, deadlineMs: buildDeadlineMs }, async () => {
    const found = await listByLabel("container", `mail-lab.stack=${stackOf(seat)}`);
    return found.length > 0 ? true : undefined;
  });
  // Its engine lives in the same group; a shell would interrupt the command alone, which ends its engines itself.
  process.kill(signal === "SIGKILL" ? -pid : pid, signal);
  return command;
}

async function containersOf(seat: string): Promise<readonly string[]> {
  return listByLabel("container", `mail-lab.stack=${stackOf(seat)}`);
}

interface SeatPhase {
  readonly id: string;
  readonly phase: string;
}

async function phases(): Promise<Readonly<Record<string, string>>> {
  const text = await readFile(join(classFolder, "seats.json"), "utf8");
  const record = JSON.parse(text) as { seats: readonly SeatPhase[] };
  return Object.fromEntries(record.seats.map(({ id, phase }) => [id, phase]));
}

async function carrierSubnets(): Promise<readonly string[]> {
  const names = stacks.map((stack) => `${stack}-lan`);
  const format = "{{(index .IPAM.Config 0).Subnet}}";
  const { stdout } = await execa("docker", ["network", "inspect", "--format", format, ...names]);
  return stdout.split("\n");
}

describe("a class of three", { timeout: 2 * buildDeadlineMs }, () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "mail-lab-seats-"));
    roster = join(folder, `${className}.csv`);
    await writeFile(roster, "seat,name\ns1,田中 花子\ns2,Suzuki\ns3,Sato\n");
  });

  afterAll(async () => {
    await execa("docker", ["rm", "--force", foreignName], { reject: false });
    const down = await seats("down");
    await rm(folder, { recursive: true });
    expect(down.exitCode, down.stderr).toBe(0);
  });

  it("is killed in the middle, with the record of how far it was", async () => {
    const { signal } = await signalOnceBuilt(startSeats("up", "--jobs", "1"), "s2", "SIGKILL");
    expect(signal).toBe("SIGKILL");
    expect(await phases()).toMatchObject({ s1: "up", s2: "building" });
    expect((await stat(classFolder)).mode & 0o777).toBe(0o700);
    expect((await stat(join(classFolder, "seats.json"))).mode & 0o777).toBe(0o600);
  });

  it("goes on where it was; a seat that fails is named with the next step, and the others come up", async () => {
    const [image = ""] = (
      await execa("docker", ["image", "ls", "--filter", "label=mail-lab.image=dns", "--format", "{{.ID}}"])
    ).stdout.split("\n");
    await runForeign(image, foreignName);
    const before = await containersOf("s1");
    const up = await waitUntil(
      { awaited: "the killed command's engine to end", deadlineMs: buildDeadlineMs },
      async () => {
        const run = await seats("up", "--json");
        return run.stdout.includes("LAB_STACK_LOCKED") ? undefined : run;
      },
    );
    expect(up.exitCode, up.stderr).toBe(1);
    expect(resultOf(up).seats).toMatchObject([
      { seat: "s1", outcome: "done", isChanged: false },
      { seat: "s2", outcome: "done", isChanged: true },
      { seat: "s3", outcome: "failed", error: { code: "LAB_FOREIGN_CONTAINER" } },
    ]);
    expect(up.stderr).toContain("✖ s3 Sato: ");
    expect(up.stderr).toContain("Next:");
    expect(await containersOf("s1")).toEqual(before);
    expect(await containersOf("s2")).toHaveLength(3);
    const status = await seats("status", "--json");
    expect(status.exitCode).toBe(4);
    expect(resultOf(status).seats.map(({ state }) => state)).toEqual(["up", "up", "failed"]);
    await execa("docker", ["rm", "--force", foreignName]);
  });

  it("ends in order at Ctrl-C, and says how to go on", async () => {
    const up = await signalOnceBuilt(startSeats("up"), "s3", "SIGINT");
    expect(up.exitCode, up.stderr).toBe(5);
    expect(up.stderr).toContain("1 of 3 seats are still to be done");
    expect(up.stderr).toContain(`./lab seats up ${roster} goes on from here`);
    expect(await phases()).toEqual({ s1: "up", s2: "up", s3: "waiting" });
  });

  it("comes up as a whole, every seat on a network of its own, and then has nothing to do", async () => {
    const up = await seats("up", "--json");
    expect(up.exitCode, up.stderr).toBe(0);
    expect(resultOf(up).seats.map(({ isChanged }) => isChanged)).toEqual([false, false, true]);
    expect(new Set(await carrierSubnets()).size).toBe(3);
    for (const seat of ["s1", "s2", "s3"]) expect(await containersOf(seat)).toHaveLength(3);
    const again = await seats("up");
    expect(again.stdout).toContain("3 of 3 seats are up, 0 of them by this command");
    expect((await seats("status")).exitCode).toBe(0);
  });

  it("is built as `./lab up` builds a lab: the plain command finds nothing to change", async () => {
    const up = await runLab(["up", "--stack", stackOf("s2")]);
    expect(up.exitCode, up.stderr).toBe(0);
    expect(up.stdout).toContain("nothing had to change");
  });

  it("has a stopped seat started, without building it anew", async () => {
    const before = await containersOf("s1");
    await execa("docker", ["stop", "--time", "1", `${stackOf("s1")}-host2`]);
    expect((await seats("status")).exitCode).toBe(4);
    const up = await seats("up", "--json", "--seat", "s1");
    expect(resultOf(up).seats, up.stderr).toMatchObject([{ seat: "s1", outcome: "done", isChanged: true }]);
    expect(await containersOf("s1")).toEqual(before);
    expect((await seats("status")).exitCode).toBe(0);
  });

  it("names the seats that the roster has no more, and leaves them", async () => {
    await writeFile(roster, "seat,name\ns1,田中 花子\ns2,Suzuki\n");
    const up = await seats("up", "--json");
    expect(up.exitCode, up.stderr).toBe(0);
    expect(resultOf(up).removed).toMatchObject([{ seat: "s3" }]);
    expect(await containersOf("s3")).toHaveLength(3);
  });

  it("is taken down as a whole, also what the roster has no more: nothing of it is left", async () => {
    const down = await seats("down");
    expect(down.exitCode, down.stderr).toBe(0);
    expect(down.stdout).toContain("3 of 3 seats are down");
    for (const stack of stacks) await expectNothingOf(stack);
    expect(existsSync(classFolder)).toBe(false);
    const left = await readdir(join(projectRoot, ".lab"), { recursive: true });
    expect(left.filter((name) => name.includes(className))).toEqual([]);
    const again = await seats("down");
    expect(again.exitCode, again.stderr).toBe(0);
    expect(again.stdout).toContain("nothing to take down");
  });
});

describe.runIf(isFullRun)("a seat that fails in the middle of its build", () => {
  const name = `${className}m`;
  let file: string;

  beforeAll(async () => {
    file = join(await mkdtemp(join(tmpdir(), "mail-lab-seats-")), `${name}.csv`);
    await writeFile(file, "seat,name\ns1,A\ns2,B\ns3,C\n");
    // Nobody finds out before Docker refuses the container.
    const { stackConfig } = labPaths(`${name}-s2`, projectRoot);
    await writeFile(stackConfig, 'config:\n  mail-lab:securityOpts: ["seccomp=nonsense"]\n');
  });

  afterAll(async () => {
    const down = await runLab(["seats", "down", file]);
    await rm(join(file, ".."), { recursive: true });
    expect(down.exitCode, down.stderr).toBe(0);
    for (const seat of ["s1", "s2", "s3"]) await expectNothingOf(`${name}-${seat}`);
  });

  it(
    "fails alone, though the program of all seats runs in one process",
    async () => {
      const up = await runLab(["seats", "up", file, "--jobs", "3", "--json"]);
      expect(up.exitCode, up.stderr).toBe(1);
      expect(resultOf(up).seats.map(({ outcome }) => outcome)).toEqual(["done", "failed", "done"]);
      expect(up.stderr).toContain("LAB_ENGINE_FAILED");
      expect(up.stderr).toContain("seccomp");
    },
    buildDeadlineMs,
  );
});

if (!isFullRun)
  console.error("seats: not the seat that fails in the middle of its build; ./lab test --full has it");

describe("a command on a class", () => {
  it("refuses a seat that the roster hasn't, before anything is made", async () => {
    const file = join(await mkdtemp(join(tmpdir(), "mail-lab-seats-")), `${className}.csv`);
    await writeFile(file, "seat,name\ns1,Tanaka\n");
    const up = await runLab(["seats", "up", file, "--seat", "s9"]);
    expect(up.exitCode).toBe(2);
    expect(up.stderr).toContain("LAB_NO_SEAT");
    await rm(join(file, ".."), { recursive: true });
    await expectNothingOf(stackOf("s1"));
  });

  it("asks before it resets, and refuses without a terminal", async () => {
    const file = join(await mkdtemp(join(tmpdir(), "mail-lab-seats-")), `${className}.csv`);
    await writeFile(file, "seat,name\ns1,Tanaka\n");
    const reset = await runLab(["seats", "reset", file]);
    expect(reset.exitCode).toBe(2);
    expect(reset.stderr).toContain("LAB_NEEDS_YES");
    expect(reset.stderr).toContain(`./lab seats reset ${file} --yes`);
    await rm(join(file, ".."), { recursive: true });
  });
});
