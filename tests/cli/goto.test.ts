import { randomBytes } from "node:crypto";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { waitUntil } from "../../src/protocols/wait-until.ts";
import { listByLabel, projectRoot, runLab } from "../support/lab-command.ts";

const stack = `goto-${randomBytes(3).toString("hex")}`;
const ofStack = ["--stack", stack];
const containers = () => listByLabel("container", `mail-lab.stack=${stack}`);
const mailCount = 200;
/** Packages are installed on both hosts meanwhile, on a machine that may be busy. */
const longMs = 900_000;
/** Longer than until Postfix tries a mail again that it had to put off (five minutes). */
const mailDeadlineMs = 400_000;

let administratorsPassword: string;

async function good(words: readonly string[], input?: string): Promise<string> {
  const run = await runLab(words, input === undefined ? {} : { input });
  expect(run.exitCode, `${words.join(" ")}\n${run.stdout}\n${run.stderr}`).toBe(0);
  return run.stdout;
}

/** Runs a shell script on a host as root. */
async function asRoot(host: string, script: string): Promise<string> {
  const line = `IFS= read -r password; printf '%s\n' "$password" | sudo -S -p '' sh -euc '${script}'`;
  return await good(["exec", host, ...ofStack, "--", line], `${administratorsPassword}\n`);
}

/** Runs a plain `pulumi` in the shell that `./lab env` makes. */
async function pulumi(words: string) {
  const { stdout: exports } = await runLab(["env", ...ofStack]);
  const options = { cwd: projectRoot, reject: false, all: true } as const;
  return await execa("sh", ["-c", `${exports}\nexec pulumi ${words}`], options);
}

async function stages(): Promise<unknown> {
  return (JSON.parse(await good(["status", ...ofStack, "--json"])) as { stages: unknown }).stages;
}

/** The chapter up to its mail command, as a student may do it: own settings beside the book's, some things wrong. */
const byHand = `
  printf "postfix postfix/main_mailer_type select Local only\\n" | debconf-set-selections
  DEBIAN_FRONTEND=noninteractive apt-get install -y postfix dovecot-pop3d dovecot-imapd
  postconf -e "message_size_limit = 1234567" "mydestination = example2.test, lists.example2.test"
  useradd -m -s /bin/bash user2; useradd -m guest; echo user2:my-own-password | chpasswd
  echo "ssl = yes # mine" >> /etc/dovecot/conf.d/10-ssl.conf
  systemctl mask postfix
` as const;

describe("./lab goto", () => {
  let ids: readonly string[];
  /** What is done by hand on the host that stays, at the same time. */
  let studentsWork: Promise<string>;

  beforeAll(async () => {
    const up = await runLab(["up", "--stage", "exercise", "--json", ...ofStack]);
    expect(up.exitCode, up.stderr).toBe(0);
    expect(JSON.parse(up.stdout)).toMatchObject({ stages: { host1: "exercise", host2: "exercise" } });
    administratorsPassword = (
      JSON.parse(await good(["passwords", "--json", ...ofStack])) as { ubuntu: string }
    ).ubuntu;
    ids = await containers();
  });

  afterAll(async () => {
    await good(["down", "--forget", ...ofStack]);
  });

  it("begins where the chapter does: nothing of it is there, and the lab is whole all the same", async () => {
    for (const host of ["host1", "host2"]) {
      const there = await runLab([
        ...["exec", host, ...ofStack, "--"],
        "ls -d /etc/postfix /etc/dovecot /usr/bin/mail; id user1; id user2; true",
      ]);
      expect(there.stdout).toBe("");
    }
    expect(await good(["up", "--stage", "exercise", ...ofStack])).toContain("nothing had to change");
  });

  it("brings one host forward, and the other one stays", { timeout: longMs }, async () => {
    studentsWork = asRoot("host2", byHand);
    studentsWork.catch(() => undefined); // awaited where it is needed
    const moved = JSON.parse(
      await good(["goto", "6.04", "--host", "host1", "--json", ...ofStack]),
    ) as unknown;
    expect(moved).toEqual({
      stack,
      stage: "6.04",
      hosts: [{ name: "host1", from: "exercise", to: "6.04" }],
    });
    expect(await stages()).toEqual({ host1: "6.04", host2: "exercise" });
    expect(await asRoot("host1", "postconf -h inet_interfaces; systemctl is-active postfix")).toBe(
      "localhost, 192.168.1.12\nactive",
    );
  });

  it("says that a host lets nobody in, before it changes anything", async () => {
    await studentsWork;
    const ssh = (verb: string) => execa("docker", ["exec", `${stack}-host2`, "systemctl", verb, "ssh"]);
    await ssh("stop");
    const run = await runLab(["goto", "6.05", "--host", "host2", ...ofStack]);
    await ssh("start");
    expect(run.exitCode, run.stderr).toBe(4);
    expect(run.stderr).toContain("LAB_SSH");
    expect(await stages()).toEqual({ host1: "6.04", host2: "exercise" });
  });

  it.each([
    ["a step that is none", ["6.99"], "there is no stage “6.99”", "6.13 finished"],
    [
      "a host that is none",
      ["6.05", "--host", "host9"],
      "no host “host9”; the lab has host1, host2",
      "status",
    ],
    [
      "a step back",
      ["6.02", "--host", "host1"],
      "applied to host1 (6.04): only a reset",
      "user1@example1.test",
    ],
    [
      "a step back for one of all hosts",
      ["6.02"],
      "applied to host1 (6.04): only a reset",
      `./lab reset host1 --stage 6.02 --stack ${stack}`,
    ],
  ])("refuses %s, and says what there is or what would be lost", async (_what, words, sentence, further) => {
    const run = await runLab(["goto", ...words, ...ofStack]);
    expect(run.exitCode, run.stderr).toBe(2);
    expect(run.stderr).toContain(sentence);
    expect(run.stderr).toContain(further);
    expect(await stages()).toEqual({ host1: "6.04", host2: "exercise" });
  });

  it("is not gone round by up, with the stage as a word or in the configuration, nor by a plain pulumi", async () => {
    const word = await runLab(["up", "--stage", "6.02", ...ofStack]);
    expect(word).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("LAB_STAGE_BACK") as string });
    await pulumi("config set --path stages.host1 6.02");
    const configured = await runLab(["up", ...ofStack]);
    expect(configured.stderr).toContain("LAB_STAGE_BACK");
    expect(configured.exitCode).toBe(2);
    const plain = await pulumi("up --yes --skip-preview --color never");
    expect(plain.exitCode, plain.all).not.toBe(0);
    expect(plain.all).toMatch(/host1 stands at 6\.04.*\.\/lab reset host1 --stage 6\.02/s);
    expect(await stages()).toEqual({ host1: "6.04", host2: "exercise" });
    await pulumi("config set --path stages.host1 6.04");
    const unchanged = await pulumi("preview --expect-no-changes --color never");
    expect(unchanged.exitCode, unchanged.all).toBe(0);
  });

  it("takes over what a student has done by hand, and mends what is wrong", { timeout: longMs }, async () => {
    await studentsWork;
    const secret = await asRoot("host2", "getent shadow user2");
    // As an adduser that was killed leaves it.
    await asRoot("host1", "groupadd user1");
    expect(await good(["goto", "6.07", ...ofStack])).toBe("host1: 6.04 → 6.07\nhost2: exercise → 6.07");
    expect(await asRoot("host2", "getent shadow user2")).toBe(secret);
    expect(await asRoot("host1", "id -gn user1; grep -c '^user1:[$]' /etc/shadow")).toBe("user1\n1");
    const found = await asRoot(
      "host2",
      "postconf -h message_size_limit mydestination inet_interfaces default_transport; id -u guest; " +
        "systemctl is-enabled postfix; systemctl is-active postfix dovecot; tail -1 /etc/dovecot/conf.d/10-ssl.conf",
    );
    expect(found.split("\n")).toEqual([
      ...["1234567", "$mydomain", "localhost, 192.168.1.13", "smtp"],
      ...["1002", "enabled", "active", "active", "ssl = yes # mine"],
    ]);
    expect(await containers()).toEqual(ids);
  });

  it(
    "keeps the mail, the accounts and the containers to the end of the chapter",
    { timeout: longMs },
    async () => {
      await good([
        ...["exec", "host1", "--user", "user1", ...ofStack, "--"],
        `for n in $(seq ${mailCount}); do printf 'Subject: kept-%s\\n\\nhello\\n' $n | /usr/sbin/sendmail user2@example2.test; done`,
      ]);
      const mailbox = async (): Promise<readonly string[]> => {
        const subjects = await asRoot("host2", 'grep -h "^Subject: kept-" /var/mail/user2 || true');
        return [...new Set(subjects.split("\n"))].filter((line) => line !== "").sort();
      };
      const before = await waitUntil(
        { awaited: `${mailCount} mails in user2's mailbox`, deadlineMs: mailDeadlineMs, intervalMs: 1_000 },
        async () => {
          const found = await mailbox();
          return found.length === mailCount ? found : undefined;
        },
      );
      const accounts = await asRoot("host2", "cat /etc/passwd /etc/shadow");

      expect(await good(["goto", "finished", ...ofStack])).toBe(
        "host1: 6.07 → finished\nhost2: 6.07 → finished",
      );

      expect(await mailbox()).toEqual(before);
      expect(await asRoot("host2", "cat /etc/passwd /etc/shadow")).toBe(accounts);
      expect(await containers()).toEqual(ids);
      expect(await asRoot("host2", "doveconf -h ssl disable_plaintext_auth mail_access_groups")).toBe(
        "no\nno\nmail",
      );
      const unchanged = await pulumi("preview --expect-no-changes --color never");
      expect(unchanged.exitCode, unchanged.all).toBe(0);
      expect(await good(["goto", "finished", ...ofStack])).toContain("was applied already");
      await good(["diff", "--host", "host1", ...ofStack]);
      for (const [from, to] of [
        ["user1@host1", "user2@example2.test"],
        ["user2@host2", "user1@example1.test"],
      ] as const)
        await good(["send", "--from", from, "--to", to, ...ofStack]);
    },
  );

  it("has nothing to bring forward where no lab is up", async () => {
    const other = await runLab(["goto", "6.01", "--stack", `${stack}-none`]);
    expect(other).toMatchObject({ exitCode: 4, stderr: expect.stringContaining("is not up") as string });
  });
});
