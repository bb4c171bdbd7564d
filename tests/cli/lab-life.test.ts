import { randomBytes } from "node:crypto";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isFullRun } from "../support/full-run.ts";
import { listByLabel, projectRoot, runLab } from "../support/lab-command.ts";

const stack = `cli-${randomBytes(3).toString("hex")}`;
const ofStack = ["--stack", stack];
const label = `mail-lab.stack=${stack}`;

const noChangeBudgetMs = isFullRun ? 3_500 : 120_000;
const downBudgetMs = isFullRun ? 5_000 : 120_000;

/** Prints what a command took beside its bound, and holds it to that. */
function expectWithin(what: string, durationMs: number, budgetMs: number): void {
  process.stderr.write(`${what}: ${(durationMs / 1000).toFixed(1)} s, at most ${budgetMs / 1000} s\n`);
  expect(durationMs, what).toBeLessThan(budgetMs);
}

const containers = () => listByLabel("container", label);

async function gitStatus(): Promise<string> {
  return (await execa("git", ["status", "--porcelain"], { cwd: projectRoot })).stdout;
}

/** Runs a plain `pulumi` in the shell that `./lab env` makes. */
async function pulumi(words: string) {
  const { stdout: exports } = await runLab(["env", ...ofStack]);
  return await execa("sh", ["-c", `${exports}\nexec pulumi ${words}`], {
    cwd: projectRoot,
    reject: false,
    all: true,
  });
}

describe("a lab's life on the command line", () => {
  let before: string;

  beforeAll(async () => {
    before = await gitStatus();
    const up = await runLab(["up", ...ofStack]);
    expect(up.exitCode, up.stderr).toBe(0);
    expect(up.stdout).toContain(`The lab ${stack} is up.`);
  });

  afterAll(async () => {
    const down = await runLab(["down", "--forget", ...ofStack]);
    expect(down.exitCode, down.stderr).toBe(0);
  });

  it("shows its nodes, addresses, ports and services", async () => {
    const { exitCode, stdout } = await runLab(["status", "--json", ...ofStack]);
    const status = JSON.parse(stdout) as {
      nodes: { name: string; address: string; services: object; ports: object }[];
    };
    expect(exitCode).toBe(0);
    expect(status).toMatchObject({ stack, isUp: true, stage: "finished", subnet: "192.168.1.0/24" });
    expect(status.nodes.map(({ name, address, services }) => [name, address, services])).toEqual([
      ["dns", "192.168.1.11", { named: "active" }],
      ["host1", "192.168.1.12", { ssh: "active", rsyslog: "active", postfix: "active", dovecot: "active" }],
      ["host2", "192.168.1.13", { ssh: "active", rsyslog: "active", postfix: "active", dovecot: "active" }],
    ]);
    expect(stdout).not.toContain("PRIVATE KEY");
  });

  it("changes nothing when it is brought up again", async () => {
    const ids = await containers();
    const again = await runLab(["up", ...ofStack]);
    expect(again.stdout).toContain("nothing had to change");
    expect(again.exitCode).toBe(0);
    expect(await containers()).toEqual(ids);
    expectWithin("second up", again.durationMs, noChangeBudgetMs);
  });

  it("is unchanged for a plain pulumi, before and after a refresh", async () => {
    const ids = await containers();
    for (const words of [
      "preview --expect-no-changes",
      "refresh --yes --expect-no-changes",
      "preview --expect-no-changes",
    ]) {
      const { exitCode, all } = await pulumi(words);
      expect(exitCode, `pulumi ${words}\n${all}`).toBe(0);
      expect(all).not.toContain("warning");
    }
    expect(await containers()).toEqual(ids);
  });

  it("leaves no secret to a plain pulumi that was not asked for", async () => {
    const { stdout: passwords } = await runLab(["passwords", "--json", ...ofStack]);
    const { all: outputs } = await pulumi("stack output --json");
    const { all: exported } = await pulumi("stack export");
    for (const password of Object.values(JSON.parse(passwords) as Record<string, string>)) {
      expect(outputs).not.toContain(password);
      expect(exported).not.toContain(password);
    }
    expect(exported).not.toContain("PRIVATE KEY");
  });

  it("runs commands on a host with their streams and exit codes", async () => {
    const whoami = await runLab(["exec", "host1", ...ofStack, "--", "id", "-un"]);
    expect(whoami).toMatchObject({ exitCode: 0, stdout: "ubuntu" });
    const asUser = await runLab(
      ["exec", "host2", "--user", "user2", ...ofStack, "--", "cat; echo err >&2; exit 7"],
      { input: "in" },
    );
    expect(asUser).toMatchObject({ exitCode: 7, stdout: "in", stderr: "err" });
    const nowhere = await runLab(["exec", "host9", ...ofStack, "--", "true"]);
    expect(nowhere.exitCode).toBe(2);
    expect(nowhere.stderr).toContain("the lab has host1, host2");
  });

  it("gives a command on a host no more than a plain container has", async () => {
    const words = "grep CapBnd /proc/self/status; unshare -Urn true && echo open; id -u";
    const { stdout } = await runLab(["exec", "host1", ...ofStack, "--", words]);
    expect(stdout.split("\n")).toEqual(["CapBnd:\t00000000a80425fb", "1000"]);
  });

  it("starts a host that was stopped, the same one", async () => {
    const ids = await containers();
    await execa("docker", ["stop", "--time", "2", `${stack}-host1`]);
    expect((await runLab(["status", ...ofStack])).exitCode).toBe(4);
    const up = await runLab(["up", ...ofStack]);
    expect(up.exitCode, up.stderr).toBe(0);
    expect(await containers()).toEqual(ids);
    expect((await runLab(["exec", "host1", ...ofStack, "--", "true"])).exitCode).toBe(0);
  });

  it("does not replace a host in passing, and says what would be lost", async () => {
    const ids = await containers();
    await pulumi(`config set --path 'securityOpts[0]' no-new-privileges`);
    const refused = await runLab(["up", ...ofStack]);
    expect(refused.exitCode).toBe(5);
    expect(refused.stderr).toContain("LAB_WOULD_REPLACE");
    expect(refused.stderr).toContain("host1: securityOpts");
    expect(await containers()).toEqual(ids);
    await pulumi(`config rm --path 'securityOpts[0]'`);
    expect((await runLab(["up", ...ofStack])).stdout).toContain("nothing had to change");
  });

  it("does not remove a host in passing that its configuration names no more", async () => {
    const ids = await containers();
    const onlyHost = { name: "host1", domain: "example1.test", address: "192.168.1.12", "users[0]": "user1" };
    for (const [field, value] of Object.entries(onlyHost)) {
      const set = await pulumi(`config set --path 'hosts[0].${field}' ${value}`);
      expect(set.exitCode, set.all).toBe(0);
    }
    const refused = await runLab(["up", ...ofStack]);
    expect(refused.stderr).toContain("host2: hosts");
    expect(refused.exitCode).toBe(5);
    expect(await containers()).toEqual(ids);
    await pulumi("config rm hosts");
    expect((await runLab(["up", ...ofStack])).stdout).toContain("nothing had to change");
  });

  it("refuses names that somebody else's containers have, and leaves those alone", async () => {
    const other = `${stack}-x`;
    await execa("docker", [
      "run",
      "--detach",
      "--name",
      `${other}-dns`,
      "--label",
      `mail-lab.test=${stack}`,
      "--entrypoint",
      "sleep",
      await anyImage(),
      "86400",
    ]);
    try {
      const refused = await runLab(["up", "--stack", other]);
      expect(refused.exitCode).toBe(5);
      expect(refused.stderr).toContain(`${other}-dns: not made by mail-lab`);
      const { stdout } = await execa("docker", ["inspect", "--format", "{{.State.Running}}", `${other}-dns`]);
      expect(stdout).toBe("true");
    } finally {
      await execa("docker", ["rm", "--force", `${other}-dns`]);
      await runLab(["down", "--forget", "--stack", other]);
    }
  });

  it("leaves the checkout as it was", async () => {
    expect(await gitStatus()).toBe(before);
  });

  it("goes without a trace but its images, and a second time is no error", async () => {
    const down = await runLab(["down", ...ofStack]);
    expect(down.exitCode, down.stderr).toBe(0);
    expectWithin("down", down.durationMs, downBudgetMs);
    for (const kind of ["container", "network", "volume"] as const)
      expect(await listByLabel(kind, label)).toEqual([]);
    const { stdout: images } = await execa("docker", [
      "image",
      "ls",
      "--quiet",
      "--filter",
      "label=mail-lab.image=mail-host",
    ]);
    expect(images).not.toBe("");
    expect(await runLab(["down", ...ofStack])).toMatchObject({ exitCode: 0 });
  });
});

async function anyImage(): Promise<string> {
  const { stdout } = await execa("docker", [
    "image",
    "ls",
    "--quiet",
    "--filter",
    "label=mail-lab.image=dns",
  ]);
  return stdout.split("\n")[0] ?? "";
}
