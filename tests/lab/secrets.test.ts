import { describe, expect, it } from "vitest";
import { deriveLabSecrets, type LabSecrets } from "../../src/model/lab-secrets.ts";
import { planTopology } from "../../src/model/topology.ts";
import { configWith } from "../support/default-config.ts";
import { engineUnderTest, nodesUnderTest } from "../support/engine.ts";
import { labUnderTest, logInAsStep, mailHosts, passwordOf, runAsRoot } from "../support/lab-under-test.ts";
import { readCommandLines } from "../support/command-lines.ts";

/** The line of an OpenSSH private key, of 70 characters each, that holds the private part: bytes 161 to 192 of it. */
const PRIVATE_LINE = 4;

/** The hosts' ssh host keys, which no command shows: worked out from the seed, as the program does. */
function hostKeys(): LabSecrets["hostKeys"] {
  const { seed, subnet, hosts } = labUnderTest();
  const inConfig = hosts.map(({ name, domain, address, users }) => ({ name, domain, address, users }));
  return deriveLabSecrets(seed, planTopology(configWith({ subnet, hosts: inConfig }))).hostKeys;
}

/** The private part of an OpenSSH private key, in a line of its own; the lines around it are public. */
function privatePart(key: string): string {
  // the first line is the key's head
  const line = key.split("\n")[PRIVATE_LINE];
  if (line === undefined || !/^[A-Za-z0-9+/]{70}$/.test(line)) throw new Error("this is no OpenSSH key");
  return line;
}

/** A word of each secret, with the name that a finding is reported by: the report must not hold the secret. */
function secretsByName(): Map<string, string> {
  const { passwords, sshKey, seed } = labUnderTest();
  return new Map([
    ...Object.entries(passwords).map(([user, password]) => [`password of ${user}`, password] as const),
    ["seed", seed.trim()],
    ["lab's ssh key", privatePart(sshKey)],
    ...Object.entries(hostKeys()).map(
      ([host, { privateKey }]) => [`ssh host key of ${host}`, privatePart(privateKey)] as const,
    ),
  ]);
}

/** The names of the secrets that a text holds. */
function secretsIn(text: string): string[] {
  return [...secretsByName()].filter(([, secret]) => text.includes(secret)).map(([name]) => name);
}

describe("the search for secrets", () => {
  it("finds each of them in a text that holds it", () => {
    const names = [...secretsByName().keys()];
    expect(names).toEqual([
      ...Object.keys(labUnderTest().passwords).map((user) => `password of ${user}`),
      ...["seed", "lab's ssh key", "ssh host key of host1", "ssh host key of host2"],
    ]);
    expect(secretsIn(JSON.stringify([labUnderTest(), hostKeys()]))).toEqual(names);
    expect(secretsIn("nothing of it")).toEqual([]);
  });
});

describe("the keys that are searched for", () => {
  it("are those of the hosts", () => {
    const derived = Object.entries(hostKeys()).map(([name, { publicKey }]) => [name, publicKey]);
    expect(derived).toEqual(mailHosts().map(({ name, hostKey }) => [name, hostKey]));
  });
});

describe("no password, no private key and no seed of the lab is found", () => {
  it("in the command lines of the machine, while the lab was built and now", async () => {
    const { commandLines } = labUnderTest().built;
    const now = await readCommandLines();
    expect(now.length).toBeGreaterThan(0);
    expect(secretsIn([...commandLines, ...now].join("\n"))).toEqual([]);
  });

  it("in what building the lab printed", () => {
    expect(secretsIn(labUnderTest().built.output)).toEqual([]);
  });

  it("in clear in the stack's state", () => {
    const { state } = labUnderTest().built;
    expect(state).toContain(labUnderTest().hosts[0]?.hostname);
    expect(secretsIn(state)).toEqual([]);
  });

  it("in docker inspect of the containers and their images", async () => {
    const docker = engineUnderTest();
    for (const { node, inspected } of await nodesUnderTest()) {
      const image = docker.getImage(inspected.Image);
      const known = [inspected, await image.inspect(), await image.history()];
      expect.soft(secretsIn(JSON.stringify(known)), node).toEqual([]);
    }
  });

  it("in docker logs", async () => {
    for (const { node, container } of await nodesUnderTest()) {
      const logs = await container.logs({ stdout: true, stderr: true });
      expect.soft(secretsIn(logs.toString("latin1")), node).toEqual([]);
    }
  });

  it.each([
    ["the processes", "ps -eo args"],
    ["the journal", "journalctl --no-pager --output=cat"],
    ["the log files", "sh -c 'cat /var/log/*.log /var/log/syslog /var/log/apt/*'"],
    ["the environment of the first process", "cat /proc/1/environ"],
    ["what the first start was given", "find /etc/mail-lab -type f -exec cat {} +"],
    [
      "the answers that were given to apt",
      "cat /var/cache/debconf/config.dat /var/cache/debconf/passwords.dat",
    ],
  ])("in %s of a host", async (_what, command) => {
    for (const host of mailHosts()) {
      await using ssh = await logInAsStep(host);
      const { stdout } = await runAsRoot(ssh, command);
      expect(stdout).not.toBe("");
      expect.soft(secretsIn(stdout), host.name).toEqual([]);
    }
  });

  it("in the shadow file either, which holds a hash of it", async () => {
    const [host1] = mailHosts();
    await using ssh = await logInAsStep(host1);
    const { stdout } = await runAsRoot(ssh, "grep ^ubuntu: /etc/shadow");
    expect(stdout).toMatch(/^ubuntu:\$\w+\$/);
    expect(stdout).not.toContain(passwordOf("ubuntu"));
  });
});
