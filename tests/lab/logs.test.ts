import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { waitUntil } from "../../src/protocols/wait-until.ts";
import { projectRoot, runLab } from "../support/lab-command.ts";
import { labUnderTest, mailHosts } from "../support/lab-under-test.ts";
import { showLabOnFailure } from "../support/show-lab-on-failure.ts";

showLabOnFailure();

/** Longer than until Postfix tries a mail again that it had to put off (five minutes). */
const followBudgetMs = 400_000;

function words(...rest: string[]): string[] {
  return ["logs", "--stack", labUnderTest().stack, ...rest];
}

/** Sends one mail across and gives its Message-ID. */
async function send(): Promise<string> {
  const { stdout, stderr } = await runLab(["send", "--stack", labUnderTest().stack, "--json"]);
  const { messageId } = JSON.parse(stdout) as { messageId?: string };
  if (messageId === undefined) throw new Error(stderr);
  return messageId;
}

describe("./lab logs", () => {
  it("has both hosts' lines in one order of time, each with its host", async () => {
    const { exitCode, stdout } = await runLab(words("--json"));
    const lines = stdout.split("\n").map((line) => JSON.parse(line) as { host: string; atMs: number });
    const times = lines.map(({ atMs }) => atMs);
    expect(exitCode).toBe(0);
    expect(times).toEqual([...times].sort((left, right) => left - right));
    expect(new Set(lines.map(({ host }) => host))).toEqual(new Set(mailHosts().map(({ name }) => name)));
  });

  it("shows one host's alone", async () => {
    const [, host2] = mailHosts();
    const { stdout } = await runLab(words("--host", host2.name));
    expect(stdout.split("\n").every((line) => line.startsWith(`${host2.name}  `))).toBe(true);
    expect((await runLab(words("--host", "host9"))).exitCode).toBe(2);
  });

  it("shows all lines of one mail, and no other's", async () => {
    const other = await send();
    const messageId = await send();
    // The mail lies in the mailbox a moment before the last lines of it are in the logs.
    const { stdout, perHost } = await waitUntil(
      { awaited: `the last line of ${messageId} on each host`, deadlineMs: followBudgetMs },
      async () => {
        const run = await runLab(words("--message", messageId));
        expect(run.exitCode, run.stderr).toBe(0);
        const ofHosts = mailHosts().map(({ name }) =>
          run.stdout.split("\n").filter((line) => line.startsWith(name)),
        );
        const isWhole = ofHosts.every((lines) => lines.at(-1)?.endsWith(": removed"));
        return isWhole ? { stdout: run.stdout, perHost: ofHosts } : undefined;
      },
    );
    expect(stdout).toContain(`message-id=${messageId}`);
    expect(stdout).not.toContain(other);
    for (const lines of perHost) {
      const ids = lines.map((line) => /\]: (\w+): /.exec(line)?.[1]);
      expect(new Set(ids).size).toBe(1);
    }
  });

  it("says so where no line is of the mail", async () => {
    const { exitCode, stdout, stderr } = await runLab(words("--message", "<none@example1.test>"));
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: "" });
    expect(stderr).toContain("No line of the mail logs belongs to <none@example1.test>");
  });

  it("follows what comes until Ctrl-C, which is no error", { timeout: 2 * followBudgetMs }, async () => {
    const follow = execa(join(projectRoot, "lab"), words("--follow"), {
      cwd: projectRoot,
      reject: false,
      stdin: "ignore",
      timeout: followBudgetMs,
      env: { LANG: "C.UTF-8" },
    });
    let messageId: string | undefined;
    const seen: string[] = [];
    let isEnded = false;
    for await (const line of follow.iterable()) {
      seen.push(line);
      // Once it shows the past it is listening; a mail is then sent, and ended with when both hosts have had it.
      messageId ??= await send();
      const ofMail = seen.filter((text) => text.includes(`message-id=${messageId ?? ""}`));
      if (ofMail.length < 2 || isEnded) continue;
      // Once: a third Ctrl-C gives up at once, with another exit code.
      isEnded = true;
      follow.kill("SIGINT");
    }
    const { exitCode, stderr, timedOut } = await follow;
    expect({ exitCode, timedOut }, stderr).toEqual({ exitCode: 0, timedOut: false });
  });
});
