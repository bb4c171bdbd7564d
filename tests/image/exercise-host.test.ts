import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { keysOf } from "../../src/course/keystrokes.ts";
import { steps } from "../../src/course/steps.ts";
import type { TypedLine } from "../../src/course/transcript.ts";
import { planTopology } from "../../src/model/topology.ts";
import type { SshConnection } from "../../src/protocols/ssh.ts";
import { configWith } from "../support/default-config.ts";
import { isFullRun } from "../support/full-run.ts";
import { typeInto, type Turn } from "../support/typed-session.ts";
import { buildImages } from "./built-images.ts";
import { createCarrierNetwork } from "./carrier-network.ts";
import { startDns } from "./dns-node.ts";
import { startNode, type StartedNode } from "./started-node.ts";

/** What is promised of an installation, held where all proofs are asked for; a bound for a busy machine otherwise. */
const installBudgetMs = isFullRun ? 30_000 : 300_000;

const topology = planTopology(configWith());

/** What the chapter says is typed on host1 for a step that is one command. */
function typedFor(id: string): TypedLine & { readonly kind: "command" } {
  const [line] = (steps.find((step) => step.id === id)?.transcript(topology) ?? []).filter(
    ({ host }) => host === "host1",
  );
  if (line?.kind !== "command") throw new Error(`${id} is no command`);
  return line;
}

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

  it("carries the record of what the packages' own configuration says", async () => {
    const { stdout } = await ssh.run("cd /usr/share/mail-lab/pristine && grep -c . *");
    const lines = new Map(
      stdout
        .trim()
        .split("\n")
        .map((line) => line.split(":") as [string, string]),
    );
    expect([...lines.keys()]).toEqual(["doveconf-d", "doveconf-n", "postconf-M", "postconf-n"]);
    expect(Number(lines.get("postconf-n"))).toBeGreaterThan(10);
    expect(Number(lines.get("doveconf-d"))).toBeGreaterThan(500);
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

  /** Types a step's command at a terminal, answers what it asks, and holds it to its time. */
  async function typeStep(id: string): Promise<string> {
    const { line, answers } = typedFor(id);
    const started = performance.now();
    const { exitCode, screen } = await typeInto(ssh, line, [
      ["[sudo] password for ubuntu: ", `${node.secrets.password}\n`],
      ...answers.map(({ prompt, typed }): Turn => [prompt, keysOf(typed, () => "")]),
    ]);
    const elapsedMs = Math.round(performance.now() - started);
    console.log(`${line}: ${elapsedMs} ms, at most ${installBudgetMs} ms`);
    expect(exitCode, screen).toBe(0);
    expect(elapsedMs).toBeLessThan(installBudgetMs);
    return screen;
  }

  it(
    "installs Postfix and Dovecot by the textbook's command with no Internet, and asks the real questions",
    { timeout: 2 * installBudgetMs },
    async () => {
      expect(await typeStep("6.01")).toContain("Internet Site");
      expect((await ssh.run("systemctl is-active postfix dovecot")).stdout).toBe("active\nactive\n");
      expect((await ssh.run("systemctl is-enabled postfix")).stdout).toBe("enabled\n");
    },
  );

  it("takes the mail name that was typed", async () => {
    expect((await ssh.run("cat /etc/mailname")).stdout).toBe("example1.test\n");
    const { stdout } = await ssh.run(
      "/usr/sbin/postconf -h myorigin mydestination relayhost inet_interfaces",
    );
    expect(stdout).toBe(
      "/etc/mailname\n" +
        "$myhostname, example1.test, host1example1test, localhost.localdomain, localhost\n\nall\n",
    );
  });

  it("installs mailutils in the same way", { timeout: 2 * installBudgetMs }, async () => {
    await typeStep("6.06");
    expect((await ssh.run("mail --version")).stdout).toContain("GNU Mailutils");
  });

  it("has no failed unit after that, either", async () => {
    expect((await ssh.run("systemctl is-system-running")).stdout).toBe("running\n");
  });
});
