import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SshConnection } from "../../src/protocols/ssh.ts";
import { typeInto } from "../support/typed-session.ts";
import { buildImages } from "./built-images.ts";
import { createCarrierNetwork } from "./carrier-network.ts";
import { startDns } from "./dns-node.ts";
import { startNode, type StartedNode } from "./started-node.ts";

/** What an installation may take, on a busy machine too. */
const installBudgetMs = 60_000;

/** The name that the dialog offers is erased first. */
const backspace = "\u007f";
const longestName = 40;

describe("an exercise mail host", () => {
  const resources = new AsyncDisposableStack();
  let node: StartedNode;
  let ssh: SshConnection;

  beforeAll(async () => {
    const { exercise, dns } = await buildImages();
    const network = resources.use(await createCarrierNetwork(51, false));
    resources.use(await startDns(dns, network));
    node = await startNode({
      ...{ network, image: exercise, hostname: "host1example1test", address: "192.168.1.12" },
      hasSystemd: true,
    });
    resources.use(node);
    ssh = resources.use(await node.login());
  });

  afterAll(async () => {
    await resources.disposeAsync();
  });

  it("stands where the chapter begins: nothing of Postfix, Dovecot or mailutils is installed", async () => {
    const { stdout } = await ssh.run("dpkg-query -W -f '${Package}\\n'");
    expect(stdout.split("\n").filter((name) => /postfix|dovecot|mailutils/.test(name))).toEqual([]);
    expect((await ssh.run("ls -d /etc/postfix /etc/dovecot /usr/bin/mail")).exitCode).toBeGreaterThan(0);
  });

  it("starts services as it installs them, as a real host does", async () => {
    expect((await ssh.run("test -e /usr/sbin/policy-rc.d")).exitCode).toBe(1);
  });

  it("keeps the distribution's own sources of packages", async () => {
    const { stdout } = await ssh.run(
      "cat /etc/apt/sources.list /etc/apt/sources.list.d/*.sources 2>/dev/null; true",
    );
    expect(stdout).toMatch(/https?:\/\//);
  });

  it(
    "installs Postfix and Dovecot by the textbook's command with no Internet, and asks the real questions",
    { timeout: 2 * installBudgetMs },
    async () => {
      const started = performance.now();
      const { exitCode, screen } = await typeInto(
        ssh,
        "sudo apt install postfix dovecot-pop3d dovecot-imapd",
        [
          ["[sudo] password for ubuntu: ", `${node.secrets.password}\n`],
          ["Do you want to continue? [Y/n] ", "\n"],
          ["<Ok>", "\t\r"],
          ["General mail configuration type:", "\r"],
          ["System mail name:", `${backspace.repeat(longestName)}example1.test\r`],
        ],
      );
      const elapsedMs = Math.round(performance.now() - started);
      console.log(`apt install postfix dovecot-pop3d dovecot-imapd: ${elapsedMs} ms`);
      expect(exitCode, screen).toBe(0);
      expect(elapsedMs).toBeLessThan(installBudgetMs);
      expect(screen).toContain("Internet Site");
      expect((await ssh.run("cat /etc/mailname")).stdout).toBe("example1.test\n");
      expect((await ssh.run("systemctl is-active postfix dovecot")).stdout).toBe("active\nactive\n");
      expect((await ssh.run("systemctl is-enabled postfix")).stdout).toBe("enabled\n");
    },
  );

  it("installs mailutils in the same way", { timeout: 2 * installBudgetMs }, async () => {
    const started = performance.now();
    const { exitCode, stdout } = await node.asRoot(ssh, "apt-get install -y mailutils", installBudgetMs);
    console.log(`apt install mailutils: ${Math.round(performance.now() - started)} ms`);
    expect(exitCode, stdout).toBe(0);
    expect((await ssh.run("mail --version")).stdout).toContain("GNU Mailutils");
  });

  it("has no failed unit after that, either", async () => {
    expect((await ssh.run("systemctl is-system-running")).stdout).toBe("running\n");
  });
});
