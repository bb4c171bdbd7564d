import { describe, expect, it } from "vitest";
import { engineUnderTest, nodesUnderTest } from "../support/engine.ts";
import { labUnderTest, logInAsStep, mailHosts, passwordOf, runAsRoot } from "../support/lab-under-test.ts";
import { readCommandLines } from "../support/command-lines.ts";

/** A word of each secret, with the name that a finding is reported by: the report must not hold the secret. */
function secretsByName(): Map<string, string> {
  const { passwords, sshKey } = labUnderTest();
  const secrets = new Map(
    Object.entries(passwords).map(([user, password]) => [`password of ${user}`, password]),
  );
  // the first lines of the key are its public part; the others hold the private one
  const privateLines = sshKey.split("\n").filter((line) => /^[A-Za-z0-9+/=]{8,}$/.test(line));
  for (const [index, line] of privateLines.slice(2).entries()) {
    secrets.set(`line ${index + 3} of the lab's ssh key`, line);
  }
  return secrets;
}

/** The names of the secrets that a text holds. */
function secretsIn(text: string): string[] {
  return [...secretsByName()].filter(([, secret]) => text.includes(secret)).map(([name]) => name);
}

describe("the search for secrets", () => {
  it("finds each of them in a text that holds it", () => {
    const names = [...secretsByName().keys()];
    expect(names.length).toBeGreaterThanOrEqual(5);
    expect(secretsIn(JSON.stringify(labUnderTest()))).toEqual(names);
    expect(secretsIn("nothing of it")).toEqual([]);
  });
});

describe("no password and no private key of the lab is found", () => {
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
