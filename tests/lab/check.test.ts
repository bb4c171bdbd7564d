import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CheckReport } from "../../src/lab/chapter/check.ts";
import { waitForMessageId } from "../../src/protocols/mail-arrival.ts";
import { waitUntil } from "../../src/protocols/wait-until.ts";
import { isFullRun } from "../support/full-run.ts";
import { projectRoot, runLab } from "../support/lab-command.ts";
import {
  addressOf,
  type HostUnderTest,
  labUnderTest,
  logIn,
  logInAsStep,
  mailHosts,
  runAsRoot,
  userOf,
} from "../support/lab-under-test.ts";
import { sendAsUser } from "../support/sent-mail.ts";
import { showLabOnFailure } from "../support/show-lab-on-failure.ts";

showLabOnFailure();

/** What `./lab check` of all steps may take on a machine of its own; on a busy one only that it ends is looked at. */
const budgetMs = isFullRun ? 4_000 : 60_000;

function checkLab(...words: string[]) {
  return runLab(["check", "--stack", labUnderTest().stack, ...words]);
}

async function report(...words: string[]): Promise<CheckReport & { exitCode: number | undefined }> {
  const { exitCode, stdout, stderr } = await checkLab("--json", ...words);
  expect(stderr).toBe("");
  return { ...(JSON.parse(stdout) as CheckReport), exitCode };
}

/** Everything of a host that a check could leave a trace in, save the lines of its logs. */
async function tracesOn(host: HostUnderTest): Promise<string> {
  await using ssh = await logInAsStep(host);
  const { stdout } = await runAsRoot(
    ssh,
    `sh -c 'cd /; ls -lR --time-style=full-iso /home /tmp | grep -v "^total"
      stat -c "%n %s %U %G %a %.9X %.9Y" /var/mail/*; sha256sum /var/mail/* /etc/passwd /etc/shadow /etc/group
      find /var/spool/postfix/maildrop /var/spool/postfix/incoming /var/spool/postfix/active \\
        /var/spool/postfix/deferred /var/spool/postfix/hold /var/spool/postfix/corrupt -type f
      sha256sum /etc/postfix/* /etc/dovecot/conf.d/* /etc/aliases* /etc/resolv.conf 2>/dev/null'`,
  );
  return stdout;
}

describe("./lab check on a finished lab", () => {
  beforeAll(async () => {
    // Mailboxes with something in them show what a check does to them.
    const [host1, host2] = mailHosts();
    for (const [from, to] of [
      [host1, host2],
      [host2, host1],
    ] as const) {
      const { messageId } = await sendAsUser(from, addressOf(to));
      await using reader = await logIn(to, userOf(to));
      await waitForMessageId(reader, messageId, { mailbox: `/var/mail/${userOf(to)}`, hostName: to.name });
    }
  });

  it("passes every check on both hosts with no note, in its time", async () => {
    const { exitCode, stdout, stderr, durationMs } = await checkLab("--json");
    process.stderr.write(`check of all steps: ${Math.round(durationMs)} ms (bound ${budgetMs} ms)\n`);
    const { results, status, steps } = JSON.parse(stdout) as CheckReport;
    expect(results.filter((one) => one.status !== "passed" || one.note !== undefined)).toEqual([]);
    expect({ exitCode, stderr, status }).toEqual({ exitCode: 0, stderr: "", status: "passed" });
    expect(new Set(steps.map(({ step }) => step)).size).toBe(14);
    expect(new Set(results.map(({ host }) => host))).toEqual(new Set(mailHosts().map(({ name }) => name)));
    expect(durationMs).toBeLessThan(budgetMs);
  });

  it("leaves mailboxes, queues, accounts and files as it found them, and their times", async () => {
    // The first reading of a file that has changed moves its time of access; a second one does not.
    // And a mail may have arrived whose sender's queue still has it.
    let last: readonly string[] = [];
    const before = await waitUntil({ awaited: "hosts at rest", deadlineMs: 400_000 }, async () => {
      const previous = last;
      last = await Promise.all(mailHosts().map(tracesOn));
      return isDeepStrictEqual(last, previous) ? last : undefined;
    });
    await report();
    expect(await Promise.all(mailHosts().map(tracesOn))).toEqual(before);
  });

  it("leaves no mailbox where there was none", async () => {
    const [, host2] = mailHosts();
    await using ssh = await logInAsStep(host2);
    const mailbox = `/var/mail/${userOf(host2)}`;
    await runAsRoot(ssh, `mv ${mailbox} ${mailbox}.kept`);
    try {
      expect((await report("6.07")).results.map(({ id, cause }) => `${id} ${cause ?? ""}`)).toContain(
        "6.07/delivery ",
      );
      expect((await ssh.run(`test -e ${mailbox}`)).exitCode).toBe(1);
    } finally {
      await runAsRoot(ssh, `mv ${mailbox}.kept ${mailbox}`);
    }
  });

  it("takes no other mail away that comes while it looks", async () => {
    const [host1, host2] = mailHosts();
    const checking = report("6.07");
    const sent = [];
    for (let count = 0; count < 10; count += 1) sent.push(await sendAsUser(host1, addressOf(host2)));
    expect((await checking).results.find(({ id }) => id === "6.07/delivery")?.status).toBe("passed");
    await using reader = await logIn(host2, userOf(host2));
    const arrival = { mailbox: `/var/mail/${userOf(host2)}`, hostName: host2.name };
    for (const { messageId } of sent) await waitForMessageId(reader, messageId, arrival);
    expect((await reader.run(`grep -c check.mail-lab.invalid ${arrival.mailbox}`)).stdout).toBe("0\n");
  });

  it("shows what is asked for, and the foundation in any case", async () => {
    const [, host2] = mailHosts();
    const { results } = await report("6.02/mynetworks", "6.10", "--host", host2.name);
    expect(new Set(results.map(({ host }) => host))).toEqual(new Set([host2.name]));
    expect(results.map(({ id }) => id).filter((id) => !id.startsWith("foundation/"))).toEqual([
      "6.02/mynetworks",
      "6.10/ssl",
    ]);
    expect(results.some(({ id }) => id === "foundation/zone")).toBe(true);
  });

  it.each([
    ["en", "All passed.", "✔ passed"],
    ["ja", "すべて合格です。", "✔ 合格"],
  ])("draws a table in %s", async (language, end, cell) => {
    const { stdout } = await checkLab("--lang", language, "6.01");
    expect(stdout).toContain(end);
    expect(stdout.split(cell)).toHaveLength(5);
  });

  it("finds what is wrong, where it stands, and says it with exit code 1", async () => {
    const [host1] = mailHosts();
    await using ssh = await logInAsStep(host1);
    await runAsRoot(ssh, "cp -p /etc/postfix/main.cf /etc/postfix/main.cf.kept");
    try {
      await runAsRoot(ssh, "sed -i 's/^mynetworks /mynetworkss /' /etc/postfix/main.cf");
      const { exitCode, results } = await report();
      expect(exitCode).toBe(1);
      const own = results.filter(
        ({ cause }) => cause !== undefined && cause !== "blocked" && cause !== "step-before",
      );
      expect(own.map(({ host, id, cause }) => [host, id, cause])).toEqual([
        [host1.name, "6.02/mynetworks", "parameter-misspelt"],
        [host1.name, "6.04/restarted", "not-restarted"],
      ]);
      expect(own[0]?.where).toMatch(/^\/etc\/postfix\/main\.cf:\d+$/);
    } finally {
      await runAsRoot(ssh, "mv /etc/postfix/main.cf.kept /etc/postfix/main.cf");
      // An smtpd that began meanwhile has read the broken one, and would go on to serve later tests by it.
      await runAsRoot(ssh, "postfix reload");
    }
    expect((await report()).status).toBe("passed");
  });
});

// A busy machine looks more slowly, and each of these waits for several looks.
describe("./lab check --watch", { timeout: 600_000 }, () => {
  it("prints a line for each check that changes, and ends at Ctrl-C with code 0", async () => {
    const [host1] = mailHosts();
    await using ssh = await logInAsStep(host1);
    const logSize = async () => Number((await ssh.run("stat -c %s /var/log/mail.log")).stdout);
    const watching = execa(join(projectRoot, "lab"), ["check", "--watch", "--stack", labUnderTest().stack], {
      cwd: projectRoot,
      env: { LANG: "C.UTF-8", LC_ALL: "" },
      reject: false,
    });
    let output = "";
    watching.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
    const seen = (pattern: RegExp) =>
      waitUntil({ awaited: String(pattern), deadlineMs: 100_000 }, () =>
        Promise.resolve(pattern.exec(output)?.[0]),
      );
    try {
      await seen(/host2 6\.13\/dig .*: passed\n/);
      const size = await logSize();
      await runAsRoot(ssh, "systemctl disable postfix");
      await seen(/✖ host1 6\.04\/enabled .*: wrong \[service-disabled\]\n/);
      expect(await logSize()).toBeGreaterThan(size);
      await runAsRoot(ssh, "systemctl enable postfix");
      await seen(/wrong[^]*✔ host1 6\.04\/enabled .*: passed\n/);
    } finally {
      await runAsRoot(ssh, "systemctl enable postfix");
      watching.kill("SIGINT");
    }
    expect((await watching).exitCode).toBe(0);
    const changes = output
      .split("\n")
      .filter((line) => line.includes("host1 6.04/enabled"))
      .map((line) => line.slice(line.indexOf(" ")));
    expect(changes.filter((line, index) => line === changes[index + 1])).toEqual([]);
  });

  it("leaves a log alone in which a student reads", async () => {
    const [host1] = mailHosts();
    await using ssh = await logInAsStep(host1);
    const watching = execa(
      join(projectRoot, "lab"),
      ["check", "--watch", "--json", "--stack", labUnderTest().stack],
      { cwd: projectRoot, reject: false },
    );
    // anvil(8) sums up by itself, minutes after the last connection, what earlier tests have done.
    const ownLines = "grep postfix/ /var/log/mail.log | grep -vc postfix/anvil";
    let output = "";
    watching.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
    const reports = (count: number) =>
      waitUntil({ awaited: `${count} reports`, deadlineMs: 100_000 }, () =>
        Promise.resolve(output.split("\n").length > count || undefined),
      );
    try {
      await reports(1);
      const { stdout: before } = await ssh.run(ownLines);
      await reports(3);
      expect((await ssh.run(ownLines)).stdout).toBe(before);
    } finally {
      watching.kill("SIGINT");
    }
    expect((await watching).exitCode).toBe(0);
  });
});

describe("./lab check --junit", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "check-junit-"));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
  });

  it("writes a case a check, and replaces what was in the file", async () => {
    const file = join(folder, "report.xml");
    await writeFile(file, "old and much longer than what comes now ".repeat(1000));
    expect((await checkLab("6.10", "--junit", file)).exitCode).toBe(0);
    const xml = await readFile(file, "utf8");
    expect(xml).toMatch(/^<\?xml version="1.0" encoding="UTF-8"\?>\n<testsuites [^>]*failures="0"/);
    expect(xml.match(/<testcase /g)).toHaveLength(14);
    expect(xml.trimEnd().endsWith("</testsuites>")).toBe(true);
  });

  it("refuses a file that can't be written before it looks at anything", async () => {
    const { exitCode, stdout, stderr } = await checkLab("--junit", join(folder, "no", "report.xml"));
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain("LAB_JUNIT_FILE");
  });
});

describe("./lab check asked for what there is not", () => {
  it.each([
    [["6.99"], "foundation 6.01 6.02"],
    [["6.02/nothing"], "LAB_NO_STEP"],
    [["--host", "host9"], "host1, host2"],
  ])("refuses %j with exit code 2, naming what there is", async (words, known) => {
    const { exitCode, stdout, stderr } = await checkLab(...words);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain(known);
  });

  it("says that a lab is not up, with exit code 4", async () => {
    const { exitCode, stderr } = await runLab(["check", "--stack", `none-${randomUUID().slice(0, 6)}`]);
    expect(exitCode).toBe(4);
    expect(stderr).toContain("LAB_NOT_UP");
  });
});
