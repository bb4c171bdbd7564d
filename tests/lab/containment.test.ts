import { describe, expect, it } from "vitest";
import { connectSsh } from "../../src/protocols/ssh.ts";
import { nodesUnderTest } from "../support/engine.ts";
import {
  type HostUnderTest,
  labUnderTest,
  logIn,
  logInAsStep,
  LOOPBACK,
  mailHosts,
  passwordOf,
  runAsRoot,
  userOf,
} from "../support/lab-under-test.ts";
import { showLabOnFailure } from "../support/show-lab-on-failure.ts";
import { typeInto } from "../support/typed-session.ts";

showLabOnFailure();

/** The capabilities that Docker gives a container by default: neither NET_ADMIN nor SYS_ADMIN is among them. */
const DOCKERS_DEFAULT = "00000000a80425fb";
const BOUNDING_SET = "grep CapBnd /proc/self/status";
const WRONG_PASSWORD = "no-such-password";
const NODES = ["dns", "host1", "host2"];

/** What may be done on a host only by who could also leave it, and how the refusal reads. */
const FORBIDDEN: readonly (readonly [command: string, refusal: RegExp])[] = [
  ["/usr/sbin/nft flush ruleset", /Operation not permitted/],
  ["unshare -Urn true", /Operation not permitted/],
  ["mount -t tmpfs none /mnt", /permission denied|must be superuser/i],
];

/** Each host, to be called in the test: the lab is known only there. */
const HOSTS: readonly (readonly [string, () => HostUnderTest])[] = [
  ["host1", () => mailHosts()[0]],
  ["host2", () => mailHosts()[1]],
];

/** Tries a password; a login that stands after all is closed, and told by its address. */
async function logInWith({ hostKey, ports }: HostUnderTest, user: string, password: string): Promise<string> {
  await using ssh = await connectSsh({ host: LOOPBACK, port: ports.ssh, user, hostKey, password });
  return ssh.where;
}

/** Docker's port table has null for a port that is exposed and not published, which its type leaves out. */
function publishedPorts(ports: Readonly<Record<string, { HostIp: string }[] | null>>): { HostIp: string }[] {
  return Object.values(ports).flatMap((bindings) => bindings ?? []);
}

describe("the lab's containers", () => {
  it("are the DNS server and the hosts, not privileged, with nothing of the machine mounted", async () => {
    const nodes = await nodesUnderTest();

    expect(nodes.map(({ node }) => node).toSorted()).toEqual(NODES);
    for (const { node, inspected } of nodes) {
      const { HostConfig, Mounts } = inspected;
      expect.soft(HostConfig.Privileged, node).toBe(false);
      expect.soft(HostConfig.Binds ?? [], node).toEqual([]);
      expect
        .soft(
          Mounts.filter(({ Type }) => Type === "bind"),
          node,
        )
        .toEqual([]);
      expect.soft(HostConfig.NetworkMode, node).not.toBe("host");
      expect.soft([HostConfig.PidMode, HostConfig.UsernsMode], node).toEqual(["", ""]);
      expect.soft(HostConfig.IpcMode, node).not.toBe("host");
      // null or empty, as whoever made the container said it
      expect.soft((HostConfig.Devices as unknown[] | null) ?? [], node).toEqual([]);
    }
  });

  it("publish their ports on the loopback alone", async () => {
    const published = (await nodesUnderTest()).flatMap(({ inspected }) =>
      publishedPorts(inspected.NetworkSettings.Ports),
    );

    // four ports of two hosts, and the DNS server's by UDP and TCP
    expect(published.map(({ HostIp }) => HostIp)).toEqual(Array(10).fill("127.0.0.1"));
  });

  it("keep their first process to what Docker gives by default", async () => {
    for (const { node, container } of await nodesUnderTest()) {
      const exec = await container.exec({ Cmd: ["grep", "CapBnd", "/proc/1/status"], AttachStdout: true });
      const stream = await exec.start({});
      const chunks = await stream.toArray();
      expect.soft(Buffer.concat(chunks).toString(), node).toContain(DOCKERS_DEFAULT);
    }
  });
});

describe.each(HOSTS)("whoever is on %s", (_name, host) => {
  it("has no capability beyond Docker's default: a student, a terminal, a step, and root", async () => {
    await using student = await logIn(host(), "ubuntu");
    await using step = await logInAsStep(host());

    const seen = {
      student: (await student.run(BOUNDING_SET)).stdout,
      terminal: (await typeInto(student, BOUNDING_SET, [])).screen,
      step: (await step.run(BOUNDING_SET)).stdout,
      root: (await runAsRoot(step, BOUNDING_SET)).stdout,
    };

    for (const [who, line] of Object.entries(seen)) {
      expect.soft(line.trim().split(/\s+/), who).toEqual(["CapBnd:", DOCKERS_DEFAULT]);
    }
  });

  it.each(FORBIDDEN)("may not %s, neither as ubuntu nor as root", async (command, refusal) => {
    await using ssh = await logIn(host(), "ubuntu");

    for (const result of [await ssh.run(command), await runAsRoot(ssh, command)]) {
      expect.soft(result.exitCode).not.toBe(0);
      expect.soft(result.stderr).toMatch(refusal);
    }
    // root is root all the same
    expect((await runAsRoot(ssh, "id -u")).stdout).toBe("0\n");
  });

  it("may not log in as root, nor with a password that is not the lab's", async () => {
    const { passwords } = labUnderTest();
    expect(passwords).not.toHaveProperty("root");
    for (const user of ["root", "ubuntu", userOf(host())]) {
      const attempt = logInWith(host(), user, WRONG_PASSWORD);
      await expect.soft(attempt, user).rejects.toMatchObject({ code: "LAB_SSH_AUTH_REFUSED" });
    }
    // nor by the administrator's, which is right for another account
    await expect
      .soft(logInWith(host(), "root", passwordOf("ubuntu")))
      .rejects.toMatchObject({ code: "LAB_SSH_AUTH_REFUSED" });
    await using ssh = await logIn(host(), "ubuntu");
    const locked = await runAsRoot(ssh, "passwd -S root");
    expect(locked.stdout).toMatch(/^root (L|NP\b.*|\*)/);
    const config = await runAsRoot(ssh, "/usr/sbin/sshd -T");
    expect(config.stdout).toContain("permitrootlogin no");
    expect(config.stdout).toContain("permitemptypasswords no");
  });
});
