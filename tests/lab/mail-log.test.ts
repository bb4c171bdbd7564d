import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { waitUntil } from "../../src/protocols/wait-until.ts";
import { type HostUnderTest, logInAsStep, mailHosts, runAsRoot } from "../support/lab-under-test.ts";
import { showLabOnFailure } from "../support/show-lab-on-failure.ts";

showLabOnFailure();

const HOSTS: readonly (readonly [string, () => HostUnderTest])[] = [
  ["host1", () => mailHosts()[0]],
  ["host2", () => mailHosts()[1]],
];
/** Many more than the ten that the kernel keeps for a slow reader where nobody tells it otherwise. */
const lineCount = 200;
const writtenDeadlineMs = 60_000;

describe.each(HOSTS)("the mail log of %s", (_name, hostOf) => {
  it(`has ${lineCount} lines that came while rsyslog was held up, all and in their order`, async () => {
    await using ssh = await logInAsStep(hostOf());
    const mark = randomUUID();
    await runAsRoot(ssh, "pkill -STOP -x rsyslogd");
    try {
      const logged = await ssh.run(`seq -f '${mark} %g' ${lineCount} | logger -p mail.info -t held`);
      expect(logged.exitCode, logged.stderr).toBe(0);
    } finally {
      await runAsRoot(ssh, "pkill -CONT -x rsyslogd");
    }
    const sent = Array.from({ length: lineCount }, (_, index) => `${mark} ${index + 1}`);
    const written = async () => {
      const { stdout } = await runAsRoot(ssh, `grep -o '${mark} [0-9]*' /var/log/mail.log`);
      return stdout.trim().split("\n");
    };
    await waitUntil({ awaited: "the last line in mail.log", deadlineMs: writtenDeadlineMs }, async () =>
      (await written()).includes(sent.at(-1) ?? "") ? true : undefined,
    ).catch(() => undefined); // what is missing is shown below
    expect(await written()).toEqual(sent);
  });
});
