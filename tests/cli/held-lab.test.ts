import { randomBytes } from "node:crypto";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { waitUntil } from "../../src/protocols/wait-until.ts";
import { listByLabel, runLab, type LabRun } from "../support/lab-command.ts";

const suffix = randomBytes(3).toString("hex");
const [stack, other, third] = ["a", "b", "c"].map((name) => `hold-${name}-${suffix}`) as [
  string,
  string,
  string,
];
const label = `mail-lab.stack=${stack}`;
/** Longer than until Postfix tries a mail again that it had to put off (five minutes). */
const mailDeadlineMs = 400_000;
/** Mails in the mailbox and in the queue before the lab is stopped. */
const [delivered, queued] = [20, 5];

interface UpResult {
  readonly addressing: string;
  readonly dns: { readonly port: number };
  readonly hosts: readonly { readonly ports: Readonly<Record<string, number>> }[];
}

const containers = () => listByLabel("container", label);

async function good(words: readonly string[], input?: string): Promise<string> {
  const run = await runLab(words, input === undefined ? {} : { input });
  expect(run.exitCode, `${words.join(" ")}\n${run.stdout}\n${run.stderr}`).toBe(0);
  return run.stdout;
}

function portsOf(up: LabRun): readonly number[] {
  const { dns, hosts } = JSON.parse(up.stdout) as UpResult;
  return [dns.port, ...hosts.flatMap(({ ports }) => Object.values(ports))];
}

let administratorsPassword: string;

/** Runs a command on a host as root. */
async function asRoot(host: string, command: string): Promise<string> {
  return good(
    ["exec", host, "--stack", stack, "--", `sudo -S -p '' ${command}`],
    `${administratorsPassword}\n`,
  );
}

/** Sends mails from user1 to user2, each with a subject of its own. */
async function send(prefix: string, count: number): Promise<void> {
  await good([
    ...["exec", "host1", "--user", "user1", "--stack", stack, "--"],
    `for n in $(seq ${count}); do echo hello | mail -s ${prefix}-$n user2@example2.test; done`,
  ]);
}

/** Subjects of the mails in user2's mailbox that begin so, each as often as it is there. */
async function subjects(prefix: string): Promise<readonly string[]> {
  const { stdout } = await runLab([
    ...["exec", "host2", "--user", "user2", "--stack", stack, "--"],
    `grep -h '^Subject: ${prefix}-' /var/mail/user2`,
  ]);
  return stdout === "" ? [] : stdout.split("\n").map((line) => line.replace("Subject: ", ""));
}

async function arrived(prefix: string, count: number): Promise<readonly string[]> {
  const wait = { awaited: `${count} mails ${prefix} in user2's mailbox`, deadlineMs: mailDeadlineMs };
  return waitUntil({ ...wait, intervalMs: 500 }, async () => {
    const found = await subjects(prefix);
    return found.length >= count ? [...found].sort() : undefined;
  });
}

const numbered = (prefix: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}-${index + 1}`).sort();

/** That the lab does what it is there for: services, names, a mail across, and the guard. */
async function expectWorking(name: string): Promise<void> {
  const status = await runLab(["status", "--stack", stack]);
  expect(status.exitCode, status.stdout).toBe(0);
  await send(name, 1);
  expect(await arrived(name, 1)).toEqual([`${name}-1`]);
  const outside = await runLab([
    ...["exec", "host1", "--stack", stack, "--"],
    "timeout 25 bash -c '</dev/tcp/192.0.2.1/25'",
  ]);
  expect(outside.exitCode, outside.stderr).toBe(1);
  expect(outside.stderr).toContain("refused");
}

describe("labs that are held and let go", () => {
  let ups: readonly LabRun[];

  beforeAll(async () => {
    ups = await Promise.all([stack, other].map((name) => runLab(["up", "--json", "--stack", name])));
    administratorsPassword = (
      JSON.parse(await good(["passwords", "--json", "--stack", stack])) as { ubuntu: string }
    ).ubuntu;
  });

  afterAll(async () => {
    for (const name of [stack, other, third]) await good(["down", "--forget", "--stack", name]);
  });

  it("come up side by side when they are built at the same moment", () => {
    for (const up of ups) expect(up.exitCode, up.stderr).toBe(0);
    const ports = ups.flatMap(portsOf);
    expect(new Set(ports).size).toBe(ports.length);
    const addressings = ups.map(({ stdout }) => (JSON.parse(stdout) as UpResult).addressing);
    expect(addressings).toContain("inside");
  });

  it("keep their mail, their queue and their containers while they are stopped", async () => {
    const ids = await containers();
    await send("kept", delivered);
    await arrived("kept", delivered);
    await asRoot("host2", "systemctl stop postfix");
    await send("queued", queued);
    const stop = JSON.parse(await good(["stop", "--json", "--stack", stack])) as Record<string, unknown>;
    expect(stop).toMatchObject({ stack, killed: [] });
    expect(stop["stopped"]).toHaveLength(3);
    expect(await good(["stop", "--stack", stack])).toContain("was stopped already");
    const stopped = await runLab(["status", "--stack", stack, "--lang", "en"]);
    expect(stopped.exitCode).toBe(4);
    expect(stopped.stdout).toMatch(/host1.*stopped/);

    expect(await good(["start", "--stack", stack])).toContain("is up again");
    expect(await containers()).toEqual(ids);
    await asRoot("host1", "postqueue -f");
    expect(await arrived("queued", queued)).toEqual(numbered("queued", queued));
    expect([...(await subjects("kept"))].sort()).toEqual(numbered("kept", delivered));
    await expectWorking("started");
  });

  it("keep their ports while they are stopped, also when another one is built meanwhile", async () => {
    await good(["stop", "--stack", other]);
    const built = await runLab(["up", "--json", "--stack", third]);
    expect(built.exitCode, built.stderr).toBe(0);
    const taken = new Set(ups.flatMap(portsOf));
    expect(portsOf(built).filter((port) => taken.has(port))).toEqual([]);
    expect(await good(["up", "--stack", other])).toContain("nothing had to change");
    expect((await runLab(["status", "--stack", other])).exitCode).toBe(0);
    await good(["down", "--forget", "--stack", third]);
    await good(["down", "--forget", "--stack", other]);
  });

  it("are brought back by up when all their containers were killed, the same ones", async () => {
    const ids = await containers();
    await execa("docker", ["kill", ...ids]);
    const up = await runLab(["up", "--stack", stack]);
    expect(up.exitCode, up.stderr).toBe(0);
    expect(up.stdout).toContain("nothing had to change");
    expect(await containers()).toEqual(ids);
    expect([...(await subjects("kept"))].sort()).toEqual(numbered("kept", delivered));
    await expectWorking("killed");
  });
});
