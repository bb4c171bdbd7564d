import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { waitUntil } from "../../src/protocols/wait-until.ts";
import { isFullRun } from "../support/full-run.ts";
import { projectRoot, runLab } from "../support/lab-command.ts";

/** A host answers late on a machine that is busy. */
const longMs = 900_000;

/** What these tests read of `./lab seats check --json`. */
interface BoardJson {
  readonly counts: { readonly done: number; readonly working: number; readonly unseen: number };
  readonly seats: readonly {
    readonly seat: string;
    readonly state: string;
    readonly passedCount?: number;
    readonly current?: string;
    readonly begunAnew?: readonly string[];
    readonly findings?: readonly { readonly host: string; readonly id: string }[];
    readonly steps?: Readonly<
      Record<string, { readonly status: string; readonly hosts: Readonly<Record<string, string>> }>
    >;
    readonly error?: { readonly code: string; readonly hint: string };
  }[];
}

describe("./lab seats check", () => {
  const className = `board-${randomBytes(3).toString("hex")}`;
  const record = join(projectRoot, ".lab", "classes", className, "progress.json");
  let folder: string;
  let roster: string;
  let page: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "mail-lab-board-"));
    roster = join(folder, `${className}.csv`);
    page = join(folder, "board.html");
    await writeFile(roster, "seat,name,stage\ns1,山田 太郎,\ns2,<b>佐藤</b>,finished\ns3,=1+1,\n");
    const up = await runLab(["seats", "up", roster, "--seat", "s1", "--seat", "s2"]);
    expect(up.exitCode, up.stderr).toBe(0);
  });

  afterAll(async () => {
    const down = await runLab(["seats", "down", roster]);
    await rm(folder, { recursive: true });
    expect(down.exitCode, down.stderr).toBe(0);
  });

  async function look(...words: readonly string[]) {
    const run = await runLab(["seats", "check", roster, "--json", ...words]);
    const board = JSON.parse(run.stdout) as BoardJson;
    return { ...run, board, seat: (id: string) => board.seats.find(({ seat }) => seat === id) };
  }

  /** Runs a line of the shell as root on the first host of a seat. */
  async function asRoot(seat: string, line: string): Promise<void> {
    const stack = ["--stack", `${className}-${seat}`];
    const passwords = await runLab(["passwords", "--json", ...stack]);
    const { ubuntu } = JSON.parse(passwords.stdout) as { ubuntu: string };
    const run = await runLab(["exec", "host1", ...stack, "--", `sudo -S -p '' ${line}`], {
      input: `${ubuntu}\n`,
    });
    expect(run.exitCode, run.stderr).toBe(0);
  }

  it.each([
    ["a seat that the roster has not", ["--seat", "s9"], "LAB_NO_SEAT"],
    ["a page where no folder is", ["--html", "/no/such/folder/board.html"], "LAB_BOARD_FILE"],
    ["a page that is a folder", ["--html", tmpdir()], "LAB_BOARD_FILE"],
    ["a sheet again and again", ["--csv", "--watch"], "LAB_USAGE"],
    ["a look every so often", ["--every", "soon"], "LAB_USAGE"],
  ])("refuses %s before it looks", async (_what, words, code) => {
    const run = await runLab(["seats", "check", roster, ...words]);
    expect(run).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(`[${code}]`) as string });
  });

  it("shows each seat where it stands, and why one could not be looked at", { timeout: longMs }, async () => {
    const { board, seat, exitCode, stderr } = await look("--html", page);
    expect(exitCode, stderr).toBe(4);
    expect(board.counts).toEqual({ done: 1, working: 1, unseen: 1 });
    expect(seat("s1")).toMatchObject({ state: "working", passedCount: 0, current: "6.01" });
    expect(seat("s1")?.findings?.map(({ host, id }) => `${host} ${id}`)).toContain("host2 6.01/packages");
    expect(seat("s2")).toMatchObject({ state: "done", passedCount: 13 });
    expect(seat("s3")).toMatchObject({ state: "unseen", error: { code: "LAB_NOT_UP" } });
    expect(seat("s3")?.error?.hint).toContain(`./lab seats up ${roster} --seat s3`);
    const html = await readFile(page, "utf8");
    expect(html).toContain("&lt;b&gt;佐藤&lt;/b&gt;");
    expect((await stat(page)).mode & 0o777).toBe(0o600);
    expect((await stat(record)).mode & 0o777).toBe(0o600);
  });

  it("follows a class: a step that is lost, and a host that begins anew", { timeout: longMs }, async () => {
    const words = ["seats", "check", roster, "--every", "1", "--html", page];
    const watch = execa(join(projectRoot, "lab"), [...words, "--seat", "s1", "--seat", "s2"], {
      env: { LANG: "C.UTF-8", LC_ALL: "" },
      reject: false,
    });
    let said = "";
    watch.stdout.on("data", (bytes: Buffer) => {
      said += bytes.toString();
    });
    const saidAfter = async (line: RegExp): Promise<void> => {
      await waitUntil({ awaited: `${line.source} in\n${said}`, deadlineMs: 240_000 }, () =>
        Promise.resolve(line.test(said) || undefined),
      );
    };
    try {
      await saidAfter(/ s1 山田 太郎: 0\/13, 6\.01\n/);
      await saidAfter(/ s2 <b>佐藤<\/b>: 13\/13, finished\n/);
      await asRoot("s2", "postconf -e inet_interfaces=192.168.1.12");
      await saidAfter(/! s2 \S+: 6\.02 lost\n/);
      expect(await readFile(page, "utf8")).toContain('http-equiv="refresh"');
      const reset = ["reset", "host1", "--stage", "exercise", "--yes", "--stack", `${className}-s2`];
      const run = await runLab(reset);
      expect(run.exitCode, run.stderr).toBe(0);
      await saidAfter(/! s2 \S+: made anew since the look before: host1/);
    } finally {
      watch.kill("SIGINT");
    }
    const { exitCode, stderr } = await watch;
    expect(exitCode, stderr).toBe(0);
    expect(await readFile(page, "utf8")).not.toContain('http-equiv="refresh"');
  });

  it(
    "counts nothing that passed before a reset, and keeps the other host's",
    { timeout: longMs },
    async () => {
      const { seat, exitCode } = await look("--seat", "s1", "--seat", "s2");
      expect(exitCode).toBe(1);
      expect(seat("s2")).toMatchObject({ state: "working", passedCount: 0, current: "6.01", begunAnew: [] });
      const hosts = Object.values(seat("s2")?.steps ?? {}).map((step) => step.hosts);
      expect(hosts.map(({ host1 }) => host1)).not.toContain("lost");
      expect(seat("s2")?.steps?.["6.05"]?.hosts).toEqual({ host1: "not-yet", host2: "passed" });
      const { seats } = JSON.parse(await readFile(record, "utf8")) as {
        seats: Record<string, Record<string, { steps: object }>>;
      };
      expect(seats["s2"]?.["host1"]?.steps).toEqual({});
      expect(Object.keys(seats["s2"]?.["host2"]?.steps ?? {})).toContain("6.05");
    },
  );

  it("begins anew with a word where its record is broken", { timeout: longMs }, async () => {
    await writeFile(record, '{"version":1,"seats":');
    const sheet = await runLab(["seats", "check", roster, "--csv", "--seat", "s1", "--seat", "s3"]);
    expect(sheet.exitCode).toBe(4);
    expect(sheet.stderr).toContain("could not be read: the board begins anew");
    expect(sheet.stdout).toMatch(/^\uFEFFseat,name,/);
    expect(sheet.stdout).toContain("s3,'=1+1,");
    expect(JSON.parse(await readFile(record, "utf8"))).toMatchObject({ version: 1 });
    expect(await readFile(`${record}.broken`, "utf8")).toBe('{"version":1,"seats":');
  });

  it.runIf(isFullRun)(
    "shows what ./lab goto has brought a seat to (full runs only: it installs packages)",
    { timeout: longMs },
    async () => {
      const moved = await runLab(["goto", "6.03", "--stack", `${className}-s1`]);
      expect(moved.exitCode, moved.stderr).toBe(0);
      const { seat } = await look("--seat", "s1");
      expect(seat("s1")).toMatchObject({ passedCount: 3, current: "6.04" });
    },
  );
});
