import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { imagesFolder } from "../../src/images/image-plan.ts";
import type { SshConnection } from "../../src/protocols/ssh.ts";
import { buildImages, type BuiltImages } from "./built-images.ts";
import { createCarrierNetwork, testLabel } from "./carrier-network.ts";
import { startNode, type StartedNode } from "./started-node.ts";

/** The capabilities that Docker gives an ordinary container (capabilities(7), the bits of Docker's list). */
const ordinaryCapabilities = "00000000a80425fb";

const seccomp = `seccomp=${join(imagesFolder, "seccomp.json")}`;

/** mount by machine: the one call that the profile adds to what Docker's own lets through, and only to change flags. */
const mountCalls: Partial<Record<string, readonly number[]>> = {
  x64: [165],
  arm64: [40],
};

/** Calls that an older engine's profile does not know yet and newer ones let through: cachestat, fchmodat2, futex_*. */
const recentCalls = [451, 452, 454, 455, 456];

/** The number is the same call's by the x32 way in. */
const x32 = 0x40000000;

let images: BuiltImages;

beforeAll(async () => {
  images = await buildImages();
});

/** Numbers of the system calls that a container with these options is refused. */
async function refusedCalls(...options: string[]): Promise<ReadonlySet<number>> {
  const { stdout } = await execa(
    "docker",
    [
      "run",
      "--rm",
      "--interactive",
      "--label",
      testLabel,
      ...options,
      "--entrypoint",
      "perl",
      images.base,
      "-",
    ],
    { input: await readFile(join(import.meta.dirname, "syscall-sweep.pl"), "utf8") },
  );
  return new Set(stdout.split("\n").map(Number));
}

describe("the seccomp profile", () => {
  it("refuses whatever Docker's own profile refuses, with SYS_ADMIN added too, save mount", async () => {
    // landlock_restrict_self asks for SYS_ADMIN or for this flag; with it, both containers are equal there.
    const common = ["--security-opt", "no-new-privileges"];
    const [byDocker, byOurs] = await Promise.all([
      refusedCalls(...common),
      refusedCalls(...common, "--cap-add", "SYS_ADMIN", "--cap-add", "NET_ADMIN", "--security-opt", seccomp),
    ]);
    const native = [...(mountCalls[process.arch] ?? []), ...recentCalls];
    const added = [...native, ...native.map((call) => x32 + call)];
    expect(byDocker.size).toBeGreaterThan(50);
    expect([...byDocker].filter((call) => !byOurs.has(call) && !added.includes(call))).toEqual([]);
  });

  it("lets a mount's flags be changed and nothing be mounted, whatever the capabilities", async () => {
    const words =
      "mount -o remount,rw /dev && echo changed; mount -t tmpfs none /mnt || mount -t proc proc /mnt || echo refused";
    const { stdout } = await execa("docker", [
      "run",
      "--rm",
      "--label",
      testLabel,
      "--cap-add",
      "SYS_ADMIN",
      "--security-opt",
      seccomp,
      "--security-opt",
      "apparmor=unconfined",
      "--entrypoint",
      "sh",
      images.base,
      "-c",
      words,
    ]);
    expect(stdout.split("\n")).toEqual(["changed", "refused"]);
  });

  it("is what refuses: SYS_ADMIN under Docker's own profile gets much further", async () => {
    const [withSysAdmin, byOurs] = await Promise.all([
      refusedCalls("--cap-add", "SYS_ADMIN"),
      refusedCalls("--cap-add", "SYS_ADMIN", "--security-opt", seccomp),
    ]);
    expect([...byOurs].filter((call) => !withSysAdmin.has(call)).length).toBeGreaterThan(10);
  });
});

describe("a mail host that was given SYS_ADMIN and NET_ADMIN", () => {
  const resources = new AsyncDisposableStack();
  let node: StartedNode;
  let ssh: SshConnection;

  beforeAll(async () => {
    const network = resources.use(await createCarrierNetwork(21));
    node = await startNode({
      ...{ network, image: images.exercise, hostname: "host1example1test", address: "192.168.1.12" },
      hasSystemd: true,
    });
    resources.use(node);
    ssh = resources.use(await node.login());
  });

  afterAll(async () => {
    await resources.disposeAsync();
  });

  it.each(["self", "1"])(
    "has an ordinary container's capabilities left, as root looks at process %s",
    async (process) => {
      const { stdout } = await node.asRoot(ssh, `grep Cap /proc/${process}/status`);
      expect(stdout.replaceAll("\t", "").trim().split("\n")).toEqual([
        "CapInh:0000000000000000",
        `CapPrm:${ordinaryCapabilities}`,
        `CapEff:${ordinaryCapabilities}`,
        `CapBnd:${ordinaryCapabilities}`,
        "CapAmb:0000000000000000",
      ]);
    },
  );

  it("gives a student's login no more than that either", async () => {
    const { stdout } = await ssh.run("grep CapBnd /proc/self/status");
    expect(stdout.trim()).toBe(`CapBnd:\t${ordinaryCapabilities}`);
  });

  const forbidden = [
    ["flush the guard", "nft flush ruleset"],
    ["read the guard's rules", "nft list ruleset"],
    ["take the lab's address away", "ip address del 192.168.1.12/24 dev lab0"],
    ["send the lab's network elsewhere", "ip route replace 192.168.1.0/24 dev lo"],
    ["mount a file system", "mount -t tmpfs none /mnt"],
    ["open the cgroup tree wider", "mount -o remount,rw /sys"],
    ["make a user namespace", "unshare -Urn true"],
    ["make a mount namespace", "unshare -m true"],
    ["enter the namespaces of PID 1", "nsenter -t 1 -m true"],
    ["set the clock", "date -s 2001-01-01"],
    ["rename the machine", "hostname elsewhere"],
    ["read the kernel's log", "dmesg"],
  ] as const;

  /** What the kernel refuses for want of a right, and not for another reason, such as a device that is not there. */
  const refusal = /not permitted|permission denied|must be (root|superuser)/i;

  it.each(forbidden)("does not let root %s", async (_what, command) => {
    const { exitCode, stderr } = await node.asRoot(ssh, command);
    expect(exitCode).toBeGreaterThan(0);
    expect(stderr).toMatch(refusal);
  });

  it.each(forbidden)("does not let a student %s", async (_what, command) => {
    const { exitCode, stderr } = await ssh.run(`PATH=$PATH:/usr/sbin; ${command}`);
    expect(exitCode).toBeGreaterThan(0);
    expect(stderr).toMatch(refusal);
  });
});
