import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { waitForMessageId } from "../../src/protocols/mail-arrival.ts";
import { splitMbox, readHeaders } from "../../src/protocols/mbox.ts";
import { waitUntil } from "../../src/protocols/wait-until.ts";
import { runLab } from "../support/lab-command.ts";
import {
  addressOf,
  labUnderTest,
  logIn,
  logInAsStep,
  mailHosts,
  runAsRoot,
  userOf,
} from "../support/lab-under-test.ts";
import { showLabOnFailure } from "../support/show-lab-on-failure.ts";

showLabOnFailure();

/** Longer than until Postfix tries a mail again that it had to put off (five minutes). */
const mailDeadlineMs = 400_000;

/** What `./lab send --json` prints. */
interface Sent {
  messageId: string;
  outcome: string;
  mailbox?: string;
  totalMs: number;
  hops: { host: string; queueId: string; kind: string; durationMs: number; reason: string }[];
  error?: { code: string; message: string; hint: string };
}

async function send(...words: string[]): Promise<Sent & { exitCode: number | undefined; stderr: string }> {
  const { exitCode, stdout, stderr } = await runLab([
    "send",
    "--stack",
    labUnderTest().stack,
    "--json",
    ...words,
  ]);
  return { ...(JSON.parse(stdout) as Sent), exitCode, stderr };
}

describe("./lab send", () => {
  it("sends one mail across, and says where it lies and how long each hop took", async () => {
    const [host1, host2] = mailHosts();
    const subject = `送信の試験 ${randomUUID()}`;

    const sent = await send("--subject", subject);

    expect(sent, sent.stderr).toMatchObject({
      exitCode: 0,
      outcome: "delivered",
      mailbox: `${host2.name}:/var/mail/${userOf(host2)}`,
    });
    expect(sent.hops.map(({ host, kind }) => [host, kind])).toEqual([
      [host1.name, "passed"],
      [host2.name, "delivered"],
    ]);
    expect(sent.hops[0]?.reason).toContain(`queued as ${sent.hops[1]?.queueId ?? ""}`);
    await using receiver = await logIn(host2, userOf(host2));
    const mailbox = { mailbox: `/var/mail/${userOf(host2)}`, hostName: host2.name };
    const message = await waitForMessageId(receiver, sent.messageId, mailbox);
    const [encoded = ""] = readHeaders(message).get("subject") ?? [];
    expect(encoded).toMatch(/^=\?UTF-8\?B\?/);
    const { stdoutBytes } = await receiver.run(`cat ${mailbox.mailbox}`);
    const copies = splitMbox(stdoutBytes).filter((mail) => mail.includes(sent.messageId));
    expect(copies).toHaveLength(1);
  });

  it.each([
    ["en", "taken into the queue", "it lies in"],
    ["ja", "キューに入りました", "に届いています"],
  ])("tells it line by line, the other way round as well, in %s", async (language, line, end) => {
    const [host1, host2] = mailHosts();
    const from = `${userOf(host2)}@${host2.name}`;
    const words = ["send", "--stack", labUnderTest().stack, "--from", from, "--to", addressOf(host1)];

    const { exitCode, stdout, stderr } = await runLab([...words, "--lang", language]);

    expect(exitCode, stderr).toBe(0);
    expect(stdout.split("\n")[0]).toContain(line);
    expect(stdout).toContain(end);
    expect(stdout).toContain(`${host1.name}:/var/mail/${userOf(host1)}`);
  });

  it("ends with code 5 and the other server's words where the mail bounces", async () => {
    const [, host2] = mailHosts();

    const sent = await send("--to", `nobody-${randomUUID()}@${host2.domain}`);

    expect(sent).toMatchObject({ exitCode: 5, outcome: "bounced", error: { code: "LAB_MAIL_BOUNCED" } });
    expect(sent.error?.message).toContain("User unknown in local recipient table");
    expect(sent.mailbox).toBeUndefined();
    expect(sent.error?.hint).toContain(`./lab logs --message '${sent.messageId}'`);
  });

  it("ends with code 5 and the reason where the mail has to wait, which then arrives all the same", async () => {
    const [host1, host2] = mailHosts();
    await using receiver = await logInAsStep(host2);
    await using sender = await logInAsStep(host1);
    await runAsRoot(receiver, "systemctl stop postfix");
    let sent;
    try {
      sent = await send();
    } finally {
      await runAsRoot(receiver, "systemctl start postfix");
    }
    expect(sent).toMatchObject({ exitCode: 5, outcome: "deferred", error: { code: "LAB_MAIL_DEFERRED" } });
    expect(sent.error?.message).toContain("Connection refused");
    const { messageId } = sent;
    await using user = await logIn(host2, userOf(host2));
    await waitUntil({ awaited: `${messageId} on ${host2.name}`, deadlineMs: mailDeadlineMs }, async () => {
      await runAsRoot(sender, "postqueue -f");
      const { exitCode } = await user.run(`grep -qF '${messageId}' /var/mail/${userOf(host2)}`);
      return exitCode === 0 ? true : undefined;
    });
  });

  it.each([
    [["--from", "nobody@host1"], "is no user of the lab"],
    [["--from", "user1"], "is no user of the lab"],
    [["--from", "user1@host9"], "There is no host “host9”"],
    [["--to", "user2"], "is no mail address"],
    [["--to", "x@example2.test;reboot"], "is no mail address"],
  ])("refuses %j with exit code 2 and sends nothing", async (words, sentence) => {
    const { exitCode, stdout, stderr } = await runLab(["send", "--stack", labUnderTest().stack, ...words]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain(sentence);
  });
});
