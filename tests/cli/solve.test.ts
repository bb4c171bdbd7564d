import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isFullRun } from "../support/full-run.ts";
import { projectRoot, runLab, type LabRun } from "../support/lab-command.ts";
import { CTRL_C, startOnTerminal } from "../support/on-terminal.ts";

const stack = `solve-${randomBytes(3).toString("hex")}`;
const ofStack = ["--stack", stack];
const hosts = ["host1", "host2"] as const;
type Host = (typeof hosts)[number];

/** The steps that leave something on a host, in their order. */
const steps = ["6.01", "6.02", "6.03", "6.04", "6.05", "6.06", "6.08", "6.09", "6.10", "6.11"];

/** Where they are typed; unless all proofs are asked for, the second host is brought forward by `goto` beside it. */
const typedHosts: readonly Host[] = isFullRun ? hosts : ["host1"];

/** apt and dpkg on a machine that has other things to do. */
const chapterBudgetMs = 900_000;

async function exec(host: Host, command: string): Promise<LabRun> {
  return await runLab(["exec", host, ...ofStack, "--", command]);
}

/** What a `solve` on one host said; its good end is part of it. */
async function solved(step: string, host: Host): Promise<LabRun> {
  const run = await runLab(["solve", step, "--host", host, ...ofStack]);
  expect(run.exitCode, `${step} on ${host}\n${run.stdout}\n${run.stderr}`).toBe(0);
  return run;
}

/** Editors that somebody has open on a host, and what killed ones left behind. */
async function editors(host: Host): Promise<string> {
  return (
    await exec(host, "pgrep -x vi; ls -d /etc/postfix/.*.sw? /etc/dovecot/conf.d/.*.sw? 2>/dev/null; true")
  ).stdout;
}

describe("a lab at the beginning of the chapter", () => {
  beforeAll(async () => {
    const up = await runLab(["up", "--stage", "exercise", ...ofStack]);
    expect(up.exitCode, up.stderr).toBe(0);
  });

  afterAll(async () => {
    await runLab(["down", "--forget", ...ofStack]);
  });

  it("does not differ from its own stage, and does from each later step", async () => {
    expect((await runLab(["diff", ...ofStack])).exitCode).toBe(0);
    const later = await runLab(["diff", "6.01", "--host", "host1", "--json", ...ofStack]);
    expect(later.exitCode).toBe(1);
    const { hosts: found } = JSON.parse(later.stdout) as {
      hosts: { host: string; differences: unknown[] }[];
    };
    expect(found.map(({ host, differences }) => [host, differences])).toEqual([
      [
        "host1",
        ["dovecot-imapd", "dovecot-pop3d", "postfix"].map((name) => ({
          ...{ area: "package", name, kind: "missing", reference: "installed" },
        })),
      ],
    ]);
  });

  it("says at which command it stops, and leaves no editor open", { timeout: chapterBudgetMs }, async () => {
    const { exitCode, stderr } = await runLab(["solve", "6.11", "--host", "host1", ...ofStack]);
    expect(exitCode).toBe(5);
    expect(stderr).toContain(
      "At `sudo systemctl restart dovecot` (ubuntu on host1): it ended with exit code 5",
    );
    expect(stderr).toContain("[LAB_SOLVE_STOPPED]");
  });

  it(
    "is, once the chapter's commands were typed, as the chapter leaves it",
    { timeout: chapterBudgetMs },
    async () => {
      const started = performance.now();
      await Promise.all(
        hosts.map(async (host) => {
          if (!typedHosts.includes(host)) {
            const { exitCode, stderr } = await runLab(["goto", "6.11", "--host", host, ...ofStack]);
            expect(exitCode, stderr).toBe(0);
            return;
          }
          for (const step of steps) await solved(step, host);
        }),
      );
      const seconds = ((performance.now() - started) / 1000).toFixed(0);
      process.stderr.write(`${steps.length} steps typed on ${typedHosts.join(" and ")}: ${seconds} s\n`);

      const diff = await runLab(["diff", "6.11", ...ofStack]);
      expect(diff.stdout.split("\n")).toEqual(
        hosts.map((host) => `${host}: nothing differs from the reference at 6.11.`),
      );
      expect(diff.exitCode).toBe(0);
      expect(await Promise.all(hosts.map(editors))).toEqual(["", ""]);
    },
  );

  it("sends and reads the chapter's mails", { timeout: chapterBudgetMs }, async () => {
    const { exitCode, stdout, stderr } = await runLab(["solve", "6.07", ...ofStack]);
    expect(exitCode, `${stdout}\n${stderr}`).toBe(0);
    expect(stdout).toContain("This is test mail from user1");
    expect(stdout).toMatch(/^Received: from mail\.example1\.test \(unknown \[192\.168\.1\.12\]\)/m);
    expect(stdout).toMatch(/^Received: from mail\.example2\.test \(unknown \[192\.168\.1\.13\]\)/m);
    expect((await runLab(["diff", "6.12", ...ofStack])).exitCode).toBe(0);
  });

  it("never shows a password", async () => {
    const { stdout } = await runLab(["status", "--json", "--show-secrets", ...ofStack]);
    const { passwords } = JSON.parse(stdout) as { passwords: Record<string, string> };
    // sudo asks in each new terminal
    const shown = await solved("6.04", "host1");
    expect(shown.stdout).toContain("[sudo] password for ubuntu:");
    for (const password of Object.values(passwords)) expect(shown.stdout).not.toContain(password);
  });

  it("ends at Ctrl-C: vi without saving, the remote shell, and the own terminal as it was", async () => {
    const before = await exec("host1", "md5sum /etc/postfix/main.cf");
    const words = `./lab solve 6.02 --host host1 --stack ${stack}`;
    const running = startOnTerminal(`sh -c '${words}; echo "code $?"; stty -a'`, { cwd: projectRoot });
    let shown = "";
    running.all.on("data", (chunk: Buffer) => {
      const wasTyping = shown.includes("-- INSERT --");
      shown += chunk.toString("utf8");
      if (!wasTyping && shown.includes("-- INSERT --")) running.stdin.write(CTRL_C);
    });
    await running;
    expect(shown).toContain("code 5");
    expect(shown).toContain("[LAB_INTERRUPTED]");
    expect(shown).toMatch(/ icanon .* echo /s);
    expect((await exec("host1", "md5sum /etc/postfix/main.cf")).stdout).toBe(before.stdout);
    expect(await editors("host1")).toBe("");
  });

  it("can't be compared once it is stopped: code 4, and why", async () => {
    expect((await runLab(["stop", ...ofStack])).exitCode).toBe(0);
    const { exitCode, stderr } = await runLab(["diff", "--host", "host1", ...ofStack]);
    expect(exitCode).toBe(4);
    expect(stderr).toContain("./lab st");
  });
});

describe("diff, solve and show with wrong words", () => {
  it.each([
    [["diff", "6.99"], 2, "LAB_STAGE"],
    [["diff", "6.01", "--host", "host9"], 2, "LAB_NO_HOST"],
    [["diff", "6.01"], 4, "LAB_NOT_UP"],
    [["solve", "6.99"], 2, "LAB_NO_STEP"],
    [["solve", "6.01", "--host", "host9"], 2, "LAB_NO_HOST"],
    [["solve", "6.01", "--pace", "slow"], 2, "LAB_USAGE"],
    [["solve", "6.01"], 4, "LAB_NOT_UP"],
    [["show", "6.99"], 2, "LAB_NO_STEP"],
    [["show", "6.01", "--host", "host9"], 2, "LAB_NO_HOST"],
  ])("%s: code %i, %s", async (words, code, name) => {
    const { exitCode, stderr } = await runLab([...words, "--stack", `none-${stack}`]);
    expect([exitCode, stderr]).toEqual([code, expect.stringContaining(`[${name}]`)]);
  });
});

describe("show", () => {
  const ofNone = ["--stack", `none-${stack}`];

  it("lists the steps in their order, with no lab there", async () => {
    const { exitCode, stdout } = await runLab(["show", ...ofNone]);
    expect(exitCode).toBe(0);
    expect(stdout.split("\n")).toHaveLength(13);
    expect(stdout).toMatch(/^6\.01 {2}Install Postfix and Dovecot\n6\.02 /);
  });

  it("keeps the commands to itself unless asked", async () => {
    const command = "sudo apt install postfix dovecot-pop3d dovecot-imapd";
    expect((await runLab(["show", "6.01", ...ofNone])).stdout).not.toContain(command);
    expect((await runLab(["show", "6.01", "--solution", ...ofNone])).stdout).toContain(`    ${command}\n`);
  });

  it("speaks Japanese, and of one host where asked", async () => {
    const { stdout } = await runLab([
      "show",
      "6.02",
      "--solution",
      "--host",
      "host2",
      "--lang",
      "ja",
      ...ofNone,
    ]);
    expect(stdout).toContain("6.02  main.cfの設定  (host2)");
    expect(stdout).toContain("    inet_interfaces = localhost, 192.168.1.13\n");
    expect(stdout.split("コマンドと編集内容")[1]).not.toContain("example1.test");
  });
});
