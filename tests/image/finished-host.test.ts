import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SshConnection } from "../../src/protocols/ssh.ts";
import { SmtpDialogue } from "../../src/protocols/smtp-dialogue.ts";
import { waitUntil } from "../../src/protocols/wait-until.ts";
import { isFullRun } from "../support/full-run.ts";
import { typeInto } from "../support/typed-session.ts";
import { buildImages } from "./built-images.ts";
import { createCarrierNetwork } from "./carrier-network.ts";
import { startDns } from "./dns-node.ts";
import { startNode, type StartedNode } from "./started-node.ts";

const address = "192.168.1.12";
/** From the container's start to an answer; a machine at other work may take longer. */
const startBudgetMs = isFullRun ? 10_000 : 120_000;
/** A restart that missed the end of its last process would take 90 s. */
const restartBudgetMs = isFullRun ? 5_000 : 80_000;

describe("a finished mail host", () => {
  const resources = new AsyncDisposableStack();
  let node: StartedNode;
  let ssh: SshConnection;
  let timeToSshMs: number;
  let timeToSmtpMs: number;

  beforeAll(async () => {
    const { finished, dns } = await buildImages();
    const network = resources.use(await createCarrierNetwork(41));
    resources.use(await startDns(dns, network));
    node = await startNode({
      ...{ network, image: finished, hostname: "host1example1test", address },
      ...{ hasSystemd: true, ports: ["25"] },
    });
    resources.use(node);
    const started = Date.parse(await node.inspect("{{.State.StartedAt}}"));
    ssh = resources.use(await node.login());
    timeToSshMs = Date.now() - started;
    using smtp = await greetedBySmtp();
    timeToSmtpMs = Date.now() - started;
    expect(smtp.greeting.code).toBe(220);
    await settled();
  });

  afterAll(async () => {
    await resources.disposeAsync();
  });

  async function greetedBySmtp(): Promise<SmtpDialogue> {
    const port = await node.publishedPort("25");
    return await waitUntil(
      { awaited: "Postfix's greeting", deadlineMs: 120_000, intervalMs: 50 },
      async () => {
        // Docker's proxy accepts and hangs up as long as nobody listens behind it.
        return await SmtpDialogue.open({ host: "127.0.0.1", port }).catch(() => undefined);
      },
    );
  }

  /** Waits until systemd has started everything, and gives its verdict. */
  async function settled(): Promise<string> {
    return await waitUntil({ awaited: "systemd to settle", deadlineMs: 120_000 }, async () => {
      const { stdout } = await ssh.run("systemctl is-system-running");
      return stdout.trim() === "starting" ? undefined : stdout.trim();
    });
  }

  it("comes up with systemd running and no failed unit", async () => {
    expect(await settled()).toBe("running");
    expect((await ssh.run("systemctl list-units --failed --no-legend --plain")).stdout).toBe("");
  });

  it("is quick and small", async () => {
    const { stdout } = await execa("docker", [
      "stats",
      "--no-stream",
      "--format",
      "{{.MemUsage}}",
      node.name,
    ]);
    const { stdout: processes } = await ssh.run("ps -e --no-headers | wc -l");
    console.log(
      `start to ssh login ${timeToSshMs} ms, to Postfix's 220 ${timeToSmtpMs} ms; ` +
        `idle ${stdout}, ${processes.trim()} processes`,
    );
    expect(timeToSshMs).toBeLessThan(startBudgetMs);
    expect(timeToSmtpMs).toBeLessThan(startBudgetMs);
  });

  it("takes few of the machine's inotify instances", async () => {
    const count = "find /proc/[0-9]*/fd -lname anon_inode:inotify 2>/dev/null | wc -l";
    const { stdout } = await node.asRoot(ssh, count);
    expect(Number(stdout)).toBeLessThanOrEqual(4);
  });

  it("has Postfix and Dovecot running, and starting at boot", async () => {
    const { stdout } = await ssh.run(
      "systemctl is-active postfix dovecot; systemctl is-enabled postfix dovecot",
    );
    expect(stdout).toBe("active\nactive\nenabled\nenabled\n");
  });

  it("restarts Dovecot without delay, every time", { timeout: 300_000 }, async () => {
    const once = "systemctl reset-failed dovecot; systemctl restart dovecot";
    for (let round = 0; round < 15; round += 1) {
      const started = performance.now();
      const { exitCode } = await node.asRoot(ssh, once);
      expect(exitCode).toBe(0);
      expect(performance.now() - started).toBeLessThan(restartBudgetMs);
    }
    expect((await ssh.run("journalctl -u dovecot")).stdout).not.toContain("timed out");
  });

  it("starts Postfix without what only takes time: no certificates to copy, nothing to look over twice", async () => {
    const { stdout } = await node.asRoot(
      ssh,
      "cd /var/spool/postfix; find etc/ssl -name '*.pem' -printf '%f '; ls -d quick-start 2>/dev/null || echo taken",
    );
    expect(stdout).toBe("ssl-cert-snakeoil.pem taken\n");
  });

  it("has the mail command", async () => {
    expect((await ssh.run("mail --version")).stdout).toContain("GNU Mailutils");
  });

  it("logs mail where the textbook looks for it", async () => {
    const { stdout } = await node.asRoot(ssh, "cat /var/log/mail.log");
    expect(stdout).toMatch(/postfix\/master.*daemon started/);
  });

  it("lets Postfix listen on localhost and the lab's address only, and still answers at the published port", async () => {
    const listening = "ss -Hltn 'sport = 25' | awk '{ print $4 }' | sort";
    const command = `postconf -e 'inet_interfaces = localhost, ${address}' && systemctl restart postfix && ${listening}`;
    const { stdout } = await node.asRoot(ssh, command);
    expect(stdout).toBe(`127.0.0.1:25\n${address}:25\n`);
    using smtp = await greetedBySmtp();
    expect(smtp.greeting.code).toBe(220);
  });

  it("shows a client from the loopback as a stranger, not as one of the lab's network", async () => {
    using smtp = await greetedBySmtp();
    const reply = await smtp.send("EHLO client.example");
    expect(reply.code).toBe(250);
    const { stdout } = await node.asRoot(ssh, "tail -n 20 /var/log/mail.log");
    expect(stdout).toMatch(/connect from unknown\[10\.77\.41\.1\]/);
  });

  describe("as a login finds it", () => {
    it("lets the student in by password", async () => {
      await using login = await node.login({ password: node.secrets.password });
      expect((await login.run("whoami")).stdout).toBe("ubuntu\n");
    });

    it("refuses a wrong password", async () => {
      await expect(node.login({ password: "wrong" })).rejects.toThrow(/refused/);
    });

    it.each([{ password: undefined }, { password: "" }])("refuses root (%o)", async ({ password }) => {
      const login = node.login({ user: "root", ...(password === undefined ? {} : { password }) });
      await expect(login).rejects.toThrow(/refused/);
    });

    it("has the lab's ssh host key and no other", async () => {
      expect((await ssh.run("ls /etc/ssh/ssh_host_*")).stdout).toBe(
        "/etc/ssh/ssh_host_ed25519_key\n/etc/ssh/ssh_host_ed25519_key.pub\n",
      );
    });

    it("has nothing left of the first boot's passwords", async () => {
      const { exitCode, stdout } = await node.asRoot(ssh, "ls -A /etc/mail-lab/first-boot");
      expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: "" });
    });

    it("shows the textbook's prompt, and sudo asks in the textbook's words", async () => {
      const { screen } = await typeInto(ssh, "exec bash --login", [
        ["ubuntu@host1example1test:~$ ", "sudo id -un\n"],
        ["[sudo] password for ubuntu: ", `${node.secrets.password}\n`],
        ["ubuntu@host1example1test:~$ ", "exit\n"],
      ]);
      expect(screen).toContain("\nroot\n");
      expect(screen).not.toContain("lecture");
    });

    it("speaks English UTF-8, and Japanese when asked", async () => {
      const { stdout } = await ssh.run('locale | head -n 1; locale -a | grep -i "ja_JP"');
      expect(stdout).toBe("LANG=en_US.UTF-8\nja_JP.utf8\n");
    });

    it("does not take over the language of the student's machine", async () => {
      const { stdout } = await ssh.run("echo $LANG", { env: { LANG: "ja_JP.UTF-8" } });
      expect(stdout).toBe("en_US.UTF-8\n");
    });

    it("keeps universal time", async () => {
      expect((await ssh.run("date +%Z")).stdout).toBe("UTC\n");
    });

    it("has Vim as vi", async () => {
      expect((await ssh.run("vi --version | head -n 1")).stdout).toMatch(/^VIM - Vi IMproved/);
      expect((await ssh.run("vi --version")).stdout).toContain("+syntax");
    });

    it.each([
      "nano",
      "less",
      "man",
      "dig",
      "ping",
      "ss",
      "tcpdump",
      "telnet",
      "nc",
      "swaks",
      "nft",
      "ip",
      "adduser",
    ] as const)("has %s", async (tool) => {
      const { exitCode } = await ssh.run(`PATH=$PATH:/usr/sbin:/sbin; command -v ${tool}`);
      expect(exitCode).toBe(0);
    });

    it.each(["ls", "postconf", "dig", "systemctl", "adduser"])("has the manual page of %s", async (page) => {
      expect((await ssh.run(`man -w ${page}`)).stdout).toMatch(/man\//);
    });

    it("lets tcpdump see the lab's packets", async () => {
      const { exitCode, stdout } = await node.asRoot(
        ssh,
        "timeout 25 tcpdump -l -n -c 1 -i lo icmp 2>/dev/null & ping -q -c 3 -i 0.3 127.0.0.1 >/dev/null; wait",
      );
      expect(exitCode).toBe(0);
      expect(stdout).toContain("ICMP echo request");
    });
  });

  it("is the same after a restart: address, guard, services, password, and no mailbox locked", async () => {
    // As a delivery leaves it that was cut off.
    await node.asRoot(ssh, "touch /var/mail/ubuntu /var/mail/ubuntu.lock");
    await node.docker("restart");
    await using again = await node.login({ password: node.secrets.password });
    expect((await again.run("ls /var/mail")).stdout).toBe("ubuntu\n");
    expect((await again.run("ip -oneline -4 address show lab0")).stdout).toContain(`${address}/24`);
    expect((await again.run("timeout 25 bash -c '</dev/tcp/198.51.100.25/25'")).stderr).toMatch(/refused/);
    expect((await node.asRoot(again, "nft list ruleset")).exitCode).toBeGreaterThan(0);
    expect((await again.run("grep CapBnd /proc/1/status")).stdout).toBe("CapBnd:\t00000000a80425fb\n");
    using smtp = await greetedBySmtp();
    expect(smtp.greeting.code).toBe(220);
  });
});
