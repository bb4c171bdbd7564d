import { randomBytes } from "node:crypto";
import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { waitUntil } from "../../src/protocols/wait-until.ts";
import { isFullRun } from "../support/full-run.ts";
import { listByLabel } from "../support/lab-command.ts";
import { cloneCheckout, type SecondCheckout } from "../support/second-checkout.ts";

const stack = `docker-${randomBytes(3).toString("hex")}`;
const label = `mail-lab.stack=${stack}`;
const buildTimeoutMs = 600_000;
/** Longer than until Postfix tries a mail again that it had to put off (five minutes). */
const mailDeadlineMs = 400_000;
/** At a Dockerfile's end: what is built again is one empty layer. */
const harmlessLine = "\nLABEL mail-lab.test=edited\n";

interface Planted {
  readonly account: string;
  readonly file: string;
  readonly mailbox: string;
  readonly queue: string;
  readonly main: string;
}

describe("a lab whose Dockerfiles were edited since", () => {
  let checkout: SecondCheckout;
  let ids: readonly string[];
  let planted: Planted;
  let images: readonly string[];
  let password: string;

  const lab = async (...words: readonly string[]) => checkout.run([...words, "--stack", stack]);
  const good = async (...words: readonly string[]): Promise<string> => {
    const { exitCode, stdout, stderr } = await lab(...words);
    expect(exitCode, `${words.join(" ")}\n${stdout}\n${stderr}`).toBe(0);
    return stdout;
  };
  const on = async (host: string, user: string, command: string): Promise<string> => {
    const words = ["exec", host, "--user", user, "--stack", stack, "--", command];
    const { exitCode, stdout, stderr } = await checkout.run(words, { input: `${password}\n` });
    expect(exitCode, `${command}\n${stdout}\n${stderr}`).toBe(0);
    return stdout;
  };
  const asRoot = (host: string, command: string) => on(host, "ubuntu", `sudo -S -p '' sh -c '${command}'`);
  const productImages = async (): Promise<readonly string[]> => {
    const words = ["image", "ls", "--filter", "label=mail-lab.image", "--format", "{{.Repository}}:{{.Tag}}"];
    return (await execa("docker", words)).stdout.split("\n").filter((name) => !name.includes("<none>"));
  };

  /** Everything of a student's that could be lost, as it is now. */
  const look = async (): Promise<Planted> => ({
    account: await on("host1", "ubuntu", "id student; ls -l /home/student/.profile"),
    file: await asRoot("host2", "cat /root/notes /home/user2/homework; stat -c %y /home/user2/homework"),
    mailbox: await on("host2", "user2", "cat /var/mail/user2"),
    queue: await asRoot("host1", 'postqueue -j | grep -o "queue_id[^,]*" | sort'),
    main: await on("host1", "ubuntu", "cat /etc/postfix/main.cf"),
  });

  /** Plants what a student has made: an account, files, a changed setting, a mail that came and one that waits. */
  const plant = async (): Promise<void> => {
    await asRoot("host1", "useradd --create-home student; postconf -e delay_warning_time=4h");
    await asRoot("host2", "echo mine > /root/notes");
    await on("host2", "user2", "echo homework > homework");
    await on("host1", "user1", "echo hello | mail -s kept user2@example2.test");
    await waitUntil({ awaited: "the mail in user2's mailbox", deadlineMs: mailDeadlineMs }, async () => {
      const found = await checkout.run([
        ...["exec", "host2", "--user", "user2", "--stack", stack, "--"],
        "grep -q '^Subject: kept' /var/mail/user2",
      ]);
      return found.exitCode === 0 ? true : undefined;
    });
    await asRoot("host1", "postconf -e defer_transports=smtp && postfix reload");
    await on("host1", "user1", "echo hello | mail -s waits user2@example2.test");
    await waitUntil({ awaited: "the mail in host1's queue", deadlineMs: mailDeadlineMs }, async () =>
      (await asRoot("host1", "postqueue -j")).includes("user2@example2.test") ? true : undefined,
    );
  };

  const edit = async (image: string): Promise<() => Promise<void>> => {
    const file = join(checkout.root, "images", image, "Dockerfile");
    const before = await readFile(file, "utf8");
    await writeFile(file, before + harmlessLine);
    return () => writeFile(file, before);
  };

  const expectNothingLost = async (): Promise<void> => {
    expect(await listByLabel("container", label)).toEqual(ids);
    expect(await look()).toEqual(planted);
  };

  beforeAll(async () => {
    checkout = await cloneCheckout();
    await good("up");
    password = (JSON.parse(await good("passwords", "--json")) as { ubuntu: string }).ubuntu;
    await plant();
    ids = await listByLabel("container", label);
    planted = await look();
    images = await productImages();
  }, buildTimeoutMs);

  afterAll(async () => {
    await good("down", "--forget");
    const made = (await productImages()).filter((name) => !images.includes(name));
    if (made.length > 0) await execa("docker", ["image", "rm", ...made]);
    await checkout[Symbol.asyncDispose]();
  });

  it(
    "builds nothing again for an unchanged tree, whatever has become of the build cache",
    async () => {
      // No build at all, so it needs no cache: a docker that can't build stands first in the PATH.
      const docker = join(checkout.root, ".lab", "no-build", "docker");
      await execa("mkdir", ["-p", join(docker, "..")]);
      const { stdout: real } = await execa("sh", ["-c", "command -v docker"]);
      await writeFile(docker, `#!/bin/sh\n[ "$1" != build ] || exit 9\nexec ${real} "$@"\n`);
      await chmod(docker, 0o755);
      const env = { PATH: `${join(docker, "..")}:${process.env["PATH"] ?? ""}` };
      const up = await checkout.run(["up", "--stack", stack], { env });
      expect(up.exitCode, up.stderr).toBe(0);
      expect(up.stdout).toContain("nothing had to change");
      if (!isFullRun) return;
      const second = await checkout.run(["up", "--stack", `${stack}-b`], { env });
      expect(second.exitCode, second.stderr).toBe(0);
      const of = async (name: string) =>
        (await execa("docker", ["inspect", "--format", "{{.Image}}", `${name}-dns`, `${name}-host1`])).stdout;
      expect(await of(`${stack}-b`)).toBe(await of(stack));
      expect((await checkout.run(["down", "--forget", "--stack", `${stack}-b`])).exitCode).toBe(0);
      await expectNothingLost();
    },
    buildTimeoutMs,
  );

  it(
    "is not replaced in passing: up names the hosts and the reason, and what would be lost",
    async () => {
      const undo = await edit("mail-host");
      for (const [language, loss] of [
        ["en", "accounts, mail, queue and every file in there would be lost"],
        ["ja", "すべてのファイルが失われます"],
      ] as const) {
        const { exitCode, stderr } = await lab("up", "--lang", language);
        expect(exitCode, stderr).toBe(5);
        expect(stderr).toContain("LAB_WOULD_REPLACE");
        expect(stderr).toContain(loss);
        expect(stderr).toContain("host1: image");
        expect(stderr).toContain("host2: image");
        expect(stderr).toContain(`./lab up --replace --stack ${stack}`);
      }
      await expectNothingLost();
      await undo();
      expect(await good("up")).toContain("nothing had to change");
      await expectNothingLost();
    },
    buildTimeoutMs,
  );

  if (!isFullRun)
    console.error("held-dockerfile: no stop and kill, no --replace; ./lab test --full has them");
  it.runIf(isFullRun)(
    "is not replaced after a stop and a kill either: what was stopped runs again, and no more",
    async () => {
      const undo = await edit("mail-host");
      await good("stop");
      expect((await lab("up")).stderr).toContain("LAB_WOULD_REPLACE");
      await execa("docker", ["kill", ...ids]);
      expect((await lab("up")).stderr).toContain("LAB_WOULD_REPLACE");
      await expectNothingLost();
      await undo();
    },
    buildTimeoutMs,
  );

  it(
    "gets a new DNS server, which holds nothing of a student's, and keeps the hosts",
    async () => {
      const undo = await edit("dns");
      await good("up");
      const hosts = (await listByLabel("container", label)).filter((id) => ids.includes(id));
      expect(hosts).toHaveLength(2);
      expect(await look()).toEqual(planted);
      await asRoot("host1", "postconf -X defer_transports && postfix reload && postqueue -f");
      await waitUntil({ awaited: "the mail that waited", deadlineMs: mailDeadlineMs }, async () =>
        (await on("host2", "user2", "cat /var/mail/user2")).includes("Subject: waits") ? true : undefined,
      );
      await undo();
    },
    buildTimeoutMs,
  );

  it.runIf(isFullRun)(
    "is replaced where that was asked for",
    async () => {
      await edit("mail-host");
      await good("up", "--replace");
      const hosts = ["host1", "host2"].map((name) => `${stack}-${name}`);
      const { stdout } = await execa("docker", ["inspect", "--format", "{{.Id}}", ...hosts]);
      expect(stdout.split("\n").filter((id) => ids.includes(id))).toEqual([]);
      const gone = await checkout.run(["exec", "host1", "--stack", stack, "--", "id student"]);
      expect(gone).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("no such user") as string });
    },
    buildTimeoutMs,
  );
});
