import { randomBytes } from "node:crypto";
import { PassThrough } from "node:stream";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { waitUntil } from "../../src/protocols/wait-until.ts";
import { arrived, inMailbox, messageIds, once, post } from "../support/counted-mail.ts";
import { projectRoot, runLab } from "../support/lab-command.ts";
import { LabInHand } from "../support/lab-in-hand.ts";
import { startOnTerminal } from "../support/on-terminal.ts";
import { lookForAll, plantAll, traces } from "./reset/traces.ts";

const stack = `reset-${randomBytes(3).toString("hex")}`;
/** For mail that was just sent, and for a command on a machine that may be busy. */
const patienceMs = 120_000;

/** The words of the question, as it stands on a terminal. */
const question = "[y/N] ";

/** Runs a reset on a terminal and answers its question. */
async function answered(words: readonly string[], answer: string) {
  const running = startOnTerminal(`./lab reset ${words.join(" ")} --stack ${stack}`, {
    cwd: projectRoot,
    env: { LANG: "C.UTF-8", LC_ALL: "" },
  });
  let screen = "";
  running.all.on("data", (chunk: Buffer) => {
    screen += chunk.toString();
  });
  await waitUntil({ awaited: `“${question}” on the terminal`, deadlineMs: patienceMs, intervalMs: 50 }, () =>
    Promise.resolve(screen.includes(question) ? true : undefined),
  );
  running.stdin.write(`${answer}\n`);
  const { exitCode } = await running;
  return { exitCode, screen };
}

/** A reset's result by name. */
function nodesOf(stdout: string): unknown {
  return (JSON.parse(stdout) as { nodes: unknown }).nodes;
}

/** How a check of a step on host1 stands. */
async function statusOf(lab: LabInHand, id: string): Promise<string | undefined> {
  const { stdout } = await lab.run("check", id.split("/")[0] ?? "", "--host", "host1", "--json");
  const { results } = JSON.parse(stdout) as { results: readonly { id: string; status: string }[] };
  return results.find((result) => result.id === id)?.status;
}

describe("./lab reset", () => {
  let lab: LabInHand;
  /** Node to its container's id. */
  let ids: Readonly<Record<string, string>>;
  const kept = messageIds("kept", 20);

  async function containerIds(): Promise<Readonly<Record<string, string>>> {
    const lines = await lab.containers();
    return Object.fromEntries(
      lines.map((line) => {
        const [node = "", id = ""] = line.split(" ");
        return [node, id];
      }),
    );
  }

  /** That host1 is another container than before, and that all others are the same. */
  async function expectOnlyHost1New(): Promise<void> {
    const now = await containerIds();
    expect(now["host1"]).not.toBe(ids["host1"]);
    expect({ ...now, host1: "" }).toEqual({ ...ids, host1: "" });
    ids = now;
  }

  beforeAll(async () => {
    lab = await LabInHand.build(stack);
    ids = await containerIds();
  });

  afterAll(async () => {
    await lab[Symbol.asyncDispose]();
  });

  it.each([
    [
      "where there is no terminal to ask on",
      ["host1"],
      2,
      "LAB_NEEDS_YES",
      `./lab reset host1 --yes --stack ${stack}`,
    ],
    ["a host that is none", ["host1", "host9", "--yes"], 2, "LAB_NO_HOST", "host1, host2"],
    ["a stage that is none", ["host1", "--stage", "6.99", "--yes"], 2, "LAB_STAGE", "6.13 finished"],
    ["a stage for the DNS server", ["dns", "--stage", "6.01", "--yes"], 2, "LAB_USAGE", "./lab reset dns"],
  ])(
    "refuses %s, and changes nothing",
    { concurrent: true, timeout: patienceMs },
    async (_what, words, exit, code, further) => {
      const run = await lab.run("reset", ...words);
      expect(run.exitCode, run.stderr).toBe(exit);
      expect(run.stderr).toContain(`[${code}]`);
      expect(run.stderr).toContain(further);
      expect(await containerIds()).toEqual(ids);
    },
  );

  it("has nothing to reset where no lab is up", { concurrent: true, timeout: patienceMs }, async () => {
    const none = await runLab(["reset", "--yes", "--stack", `${stack}-none`]);
    expect(none).toMatchObject({ exitCode: 4, stderr: expect.stringContaining("LAB_NOT_UP") as string });
  });

  it(
    "says on a terminal what is lost, and leaves it where the answer is not yes",
    { timeout: patienceMs },
    async () => {
      const { exitCode, screen } = await answered(["host1"], "maybe");
      expect(exitCode, screen).toBe(5);
      expect(screen).toContain("host1: user1@example1.test");
      expect(screen).toContain("mail, queue and every file");
      expect(screen).toContain("Nothing was changed.");
      expect(await containerIds()).toEqual(ids);
    },
  );

  it(
    `leaves none of ${traces.length} traces on the host, and the other one as it is, sessions and mail too`,
    { timeout: 4 * patienceMs },
    async () => {
      await post(lab, { host: "host2", user: "user2" }, "user2@example2.test", kept);
      expect(await arrived(lab, { host: "host2", user: "user2" }, kept)).toEqual(once(kept));
      await lab.asRoot("host1", plantAll);
      const planted = await waitUntil(
        { awaited: "all traces to be there", deadlineMs: patienceMs, intervalMs: 500 },
        async () => {
          const found = (await lab.asRoot("host1", lookForAll)).split("\n");
          return found.length === traces.length ? found : undefined;
        },
      );
      expect(planted).toEqual(traces.map(({ name }) => name));
      await using session = await lab.logIn("host2", "user2");
      const [stdin, stdout] = [new PassThrough(), new PassThrough()];
      const shell = session.exec("read -r line && echo $line", { stdin, stdout, stderr: stdout });

      const { exitCode, screen } = await answered(["host1"], "y");
      expect(exitCode, screen).toBe(0);
      expect(screen).toContain("host1 is as new, at finished.");

      stdin.end("still here\n");
      expect((await shell).exitCode).toBe(0);
      expect(String(stdout.read())).toBe("still here\n");
      // By the host key, the port and the password that it had.
      expect(await lab.asRoot("host1", lookForAll)).toBe("");
      await expectOnlyHost1New();
      expect(await inMailbox(lab, { host: "host2", user: "user2" }, kept)).toEqual(once(kept));
    },
  );

  it(
    "leaves a lab that delivers mail both ways, and nothing for Pulumi to do",
    { timeout: 2 * patienceMs },
    async () => {
      for (const [from, to] of [
        ["user1@host1", "user2@example2.test"],
        ["user2@host2", "user1@example1.test"],
      ] as const)
        await lab.good("send", "--from", from, "--to", to);
      await lab.pulumi("preview --expect-no-changes --color never");
    },
  );

  it("goes back to where the chapter begins, on that host alone", { timeout: 2 * patienceMs }, async () => {
    const reset = await lab.good("reset", "host1", "--stage", "exercise", "--yes", "--json");
    expect(nodesOf(reset)).toEqual([{ name: "host1", stage: "exercise" }]);
    await expectOnlyHost1New();
    expect(await lab.asRoot("host1", "ls -d /etc/postfix /etc/dovecot /home/user1 2>/dev/null; true")).toBe(
      "",
    );
    expect(await lab.asRoot("host2", "systemctl is-active postfix dovecot")).toBe("active\nactive");
    expect(JSON.parse(await lab.good("status", "--json"))).toMatchObject({
      stages: { host1: "exercise", host2: "finished" },
    });
    await lab.pulumi("preview --expect-no-changes --color never");
  });

  it(
    "replaces a host that has lost its /etc and its PID 1, and what passed on it passes no more",
    { timeout: 2 * patienceMs },
    async () => {
      await lab.asRoot("host1", "useradd -m -s /bin/bash user1");
      const { user1 } = JSON.parse(await lab.good("passwords", "--json")) as { user1: string };
      await lab.asRoot("host1", `echo 'user1:${user1}' | chpasswd`);
      expect(await statusOf(lab, "6.05/account")).toBe("passed");
      await execa("docker", ["exec", `${stack}-host1`, "sh", "-c", "rm -rf /etc; test ! -e /etc/passwd"]);
      await lab.docker("kill", "host1");

      const reset = await lab.good("reset", "host1", "--yes", "--json");
      expect(nodesOf(reset)).toEqual([{ name: "host1", stage: "exercise" }]);
      await expectOnlyHost1New();
      expect(await statusOf(lab, "6.05/account")).not.toBe("passed");
    },
  );

  it(
    "replaces a host whose container is gone, and the DNS server where it is named",
    { timeout: 2 * patienceMs },
    async () => {
      await execa("docker", ["rm", "--force", `${stack}-host1`]);
      await lab.good("reset", "host1", "dns", "--yes");
      const now = await containerIds();
      expect(now["host2"]).toBe(ids["host2"]);
      expect(new Set([...Object.values(now), ...Object.values(ids)]).size).toBe(5);
      expect(await lab.on("host2", "user2", "dig +short mx example1.test")).toContain("mail.example1.test");
      await lab.pulumi("preview --expect-no-changes --color never");
    },
  );
});
