import { describe, expect, it } from "vitest";
import { scriptOfStep } from "../../src/course/script.ts";
import { unitsOfSteps } from "../../src/course/services.ts";
import { steps } from "../../src/course/steps.ts";
import { planTopology, type MailHostPlan } from "../../src/model/topology.ts";
import type { SshConnection } from "../../src/protocols/ssh.ts";
import { waitUntil } from "../../src/protocols/wait-until.ts";
import { configWith } from "../support/default-config.ts";
import { buildImages } from "./built-images.ts";
import { createCarrierNetwork } from "./carrier-network.ts";
import { startNode } from "./started-node.ts";

const topology = planTopology(configWith());
const [host] = topology.hosts as [MailHostPlan];
const state = "systemctl is-active multi-user.target dovecot postfix; systemctl is-enabled dovecot postfix";

/** What the host says of its services once it has booted. */
async function stateOf(ssh: SshConnection): Promise<readonly string[]> {
  await waitUntil({ awaited: "systemd to settle", deadlineMs: 120_000 }, async () => {
    const { stdout } = await ssh.run("systemctl is-system-running");
    return stdout.trim() === "starting" ? undefined : stdout.trim();
  });
  return (await ssh.run(state)).stdout.trim().split("\n");
}

async function startHeldHost(resources: AsyncDisposableStack, octet: number) {
  const { finished } = await buildImages();
  const network = resources.use(await createCarrierNetwork(octet));
  const held = unitsOfSteps({ host, topology });
  return resources.use(
    await startNode({
      ...{ network, image: finished, hostname: host.hostname, address: host.address, hasSystemd: true },
      environment: { MAIL_LAB_HELD_SERVICES: held.join(" ") },
    }),
  );
}

const running = ["active", "active", "active", "enabled", "enabled"];

describe("the services that a host's first boot leaves to the steps", () => {
  it("are started by them, once, and at every boot from then on", { timeout: 300_000 }, async () => {
    await using resources = new AsyncDisposableStack();
    const node = await startHeldHost(resources, 43);
    await using ssh = await node.login();
    expect((await stateOf(ssh)).slice(0, 3)).toEqual(["active", "inactive", "inactive"]);

    for (const step of steps) {
      const made = scriptOfStep(step, { host, topology });
      if (made === undefined) continue;
      const lines = [node.secrets.password, ...made.passwordsOf.map((user) => `${user}-secret`)];
      const { exitCode, stdout, stderr } = await ssh.run(made.script, { stdin: `${lines.join("\n")}\n` });
      expect(exitCode, `${step.id}: ${stdout}${stderr}`).toBe(0);
    }

    expect(await stateOf(ssh)).toEqual(running);
    const starts = await node.asRoot(
      ssh,
      "grep -c 'daemon started' /var/log/mail.log; ls -A /etc/mail-lab/first-boot",
    );
    expect(starts.stdout).toBe("1\n");
    await using user = await node.login({ user: "user1", password: "user1-secret" });
    expect((await user.run("id -un")).stdout).toBe("user1\n");
  });

  it("are started by the next boot, where no step did it", { timeout: 300_000 }, async () => {
    await using resources = new AsyncDisposableStack();
    const node = await startHeldHost(resources, 44);
    {
      await using ssh = await node.login();
      expect((await stateOf(ssh)).slice(0, 3)).toEqual(["active", "inactive", "inactive"]);
    }
    await node.docker("restart");
    await using ssh = await node.login();
    expect(await stateOf(ssh)).toEqual(running);
  });
});
