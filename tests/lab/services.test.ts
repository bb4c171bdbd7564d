import { describe, expect, it } from "vitest";
import { type HostUnderTest, labUnderTest, logIn, mailHosts, runAsRoot } from "../support/lab-under-test.ts";
import { showLabOnFailure } from "../support/show-lab-on-failure.ts";
import { waitUntil } from "../../src/protocols/wait-until.ts";

showLabOnFailure();

const HOSTS: readonly (readonly [string, () => HostUnderTest])[] = [
  ["host1", () => mailHosts()[0]],
  ["host2", () => mailHosts()[1]],
];

describe.each(HOSTS)("%s at the chapter's end", (_name, hostOf) => {
  it("runs systemd with no failed unit", async () => {
    await using ssh = await logIn(hostOf(), "ubuntu");

    // right after the lab was built it may still be starting
    const state = await waitUntil(
      { awaited: `systemd on ${hostOf().name} to have started`, deadlineMs: 120_000 },
      async () => {
        const { stdout } = await ssh.run("systemctl is-system-running");
        return stdout.trim() === "starting" ? undefined : stdout.trim();
      },
    );

    const failed = await ssh.run("systemctl --failed --no-legend --plain");
    expect({ state, failed: failed.stdout }).toEqual({ state: "running", failed: "" });
  });

  it("has Postfix and Dovecot running and enabled", async () => {
    await using ssh = await logIn(hostOf(), "ubuntu");

    expect((await ssh.run("systemctl is-enabled postfix dovecot")).stdout).toBe("enabled\nenabled\n");
    expect((await ssh.run("systemctl is-active postfix dovecot rsyslog")).stdout).toBe(
      "active\nactive\nactive\n",
    );
    expect((await ssh.run("systemctl is-enabled nosuch")).exitCode).not.toBe(0);
  });

  it("has a main.cf that `postfix check` says nothing about, as it does about a wrong one", async () => {
    await using ssh = await logIn(hostOf(), "ubuntu");

    expect(await runAsRoot(ssh, "postfix check")).toMatchObject({ exitCode: 0, stdout: "", stderr: "" });

    const copy = await runAsRoot(
      ssh,
      `sh -c 'set -e; wrong=$(mktemp -d); trap "rm -r $wrong" EXIT; cp /etc/postfix/main.cf /etc/postfix/master.cf $wrong;
        echo "mynetworkss = 192.168.1.0/24" >> $wrong/main.cf; postconf -c $wrong -n >/dev/null'`,
    );
    expect(copy.stderr).toContain("unused parameter: mynetworkss=192.168.1.0/24");
  });

  it("has the chapter's settings of Postfix", async () => {
    const { address, domain } = hostOf();
    await using ssh = await logIn(hostOf(), "ubuntu");
    const names = "myhostname mydomain inet_interfaces mydestination mynetworks smtpd_sasl_auth_enable";

    const { stdout } = await ssh.run(`/usr/sbin/postconf ${names}`);

    expect(stdout.trim().split("\n")).toEqual([
      `myhostname = mail.${domain}`,
      `mydomain = ${domain}`,
      `inet_interfaces = localhost, ${address}`,
      "mydestination = $mydomain",
      `mynetworks = ${labUnderTest().subnet} 127.0.0.0/8`,
      "smtpd_sasl_auth_enable = yes",
    ]);
  });

  it("has the chapter's settings of Dovecot", async () => {
    await using ssh = await logIn(hostOf(), "ubuntu");
    const names =
      "mail_location mail_privileged_group mail_access_groups disable_plaintext_auth ssl protocols";

    const { stdout } = await runAsRoot(ssh, `doveconf ${names}`);

    expect(stdout.trim().split("\n")).toEqual([
      "mail_location = mbox:~/mail:INBOX=/var/mail/%u",
      "mail_privileged_group = mail",
      "mail_access_groups = mail",
      "disable_plaintext_auth = no",
      "ssl = no",
      expect.stringMatching(/^protocols = (?=.*\bimap\b)(?=.*\bpop3\b)/),
    ]);
  });

  it("has built its alias database, so that mail to postmaster has an owner", async () => {
    await using ssh = await logIn(hostOf(), "ubuntu");

    expect(await ssh.run("/usr/sbin/postalias -q postmaster hash:/etc/aliases")).toMatchObject({
      exitCode: 0,
      stdout: "root\n",
    });
    expect(await ssh.run("/usr/sbin/postalias -q nosuch hash:/etc/aliases")).toMatchObject({ exitCode: 1 });
  });

  it("greets with the textbook's prompt and its accounts", async () => {
    const { hostname, users } = hostOf();
    await using ssh = await logIn(hostOf(), "ubuntu");

    const shell = await ssh.run(`bash -ic 'echo "\${PS1@P}"'`, { pty: true });
    expect(shell.stdout).toContain(`ubuntu@${hostname}:~$`);
    const ids = await ssh.run(
      `id -u ubuntu ${users.join(" ")} | xargs; id -u ubuntu; id -u ${users[0] ?? ""}`,
    );
    expect(ids.stdout.trim().split("\n").slice(-2)).toEqual(["1000", "1001"]);
  });

  it("writes its mail log by rsyslog, and leaves no mail waiting", async () => {
    await using ssh = await logIn(hostOf(), "ubuntu");

    const log = await runAsRoot(ssh, "grep -c 'postfix/master.*daemon started' /var/log/mail.log");
    expect(Number(log.stdout)).toBeGreaterThan(0);
    const forwarded = await runAsRoot(ssh, "grep -c 'dovecot: master: Dovecot' /var/log/mail.log");
    expect(Number(forwarded.stdout)).toBeGreaterThan(0);
  });
});
