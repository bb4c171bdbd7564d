import { describe, expect, it } from "vitest";
import { waitForMessage } from "../../src/protocols/mail-arrival.ts";
import { SmtpDialogue } from "../../src/protocols/smtp-dialogue.ts";
import {
  addressOf,
  type HostUnderTest,
  logIn,
  logInAsStep,
  LOOPBACK,
  mailHosts,
  passwordOf,
  userOf,
} from "../support/lab-under-test.ts";
import { sendAsUser } from "../support/sent-mail.ts";
import { showLabOnFailure } from "../support/show-lab-on-failure.ts";
import { strangersWay } from "../support/stranger.ts";

showLabOnFailure();

/** An account that no host has; "nobody" is one that every host has. */
const UNKNOWN_USER = "nosuchuser";
const NO_WAY = "this machine has no way to the lab on which a client is a stranger";

/** The replies to a mail's envelope, the last one to the recipient. */
async function askToDeliver(dialogue: SmtpDialogue, from: string, to: string) {
  await dialogue.send("EHLO stranger.invalid");
  await dialogue.send(`MAIL FROM:<${from}>`);
  return await dialogue.send(`RCPT TO:<${to}>`);
}

function logInBySmtp(dialogue: SmtpDialogue, host: HostUnderTest) {
  const plain = Buffer.from(`\0${userOf(host)}\0${passwordOf(userOf(host))}`).toString("base64");
  return dialogue.send(`AUTH PLAIN ${plain}`, "AUTH PLAIN …");
}

describe("a stranger to the lab", () => {
  it("may not relay through a host", async ({ skip }) => {
    const [host1, host2] = mailHosts();
    const way = strangersWay(host1);
    if (way === undefined) return skip(NO_WAY);
    using dialogue = await SmtpDialogue.open(way);

    const reply = await askToDeliver(dialogue, "stranger@example.com", addressOf(host2));

    expect(reply.code).toBe(454);
    expect(reply.lines.join(" ")).toContain("Relay access denied");
  });

  it("may write to a user of the host itself", async ({ skip }) => {
    const [host1] = mailHosts();
    const way = strangersWay(host1);
    if (way === undefined) return skip(NO_WAY);
    using dialogue = await SmtpDialogue.open(way);

    expect(await askToDeliver(dialogue, "stranger@example.com", addressOf(host1))).toMatchObject({
      code: 250,
    });
  });

  it("may relay after logging in", async ({ skip }) => {
    const [host1, host2] = mailHosts();
    const way = strangersWay(host1);
    if (way === undefined) return skip(NO_WAY);
    using dialogue = await SmtpDialogue.open(way);
    await dialogue.send("EHLO stranger.invalid");

    expect(await logInBySmtp(dialogue, host1)).toMatchObject({ code: 235 });
    await dialogue.send(`MAIL FROM:<${addressOf(host1)}>`);
    expect(await dialogue.send(`RCPT TO:<${addressOf(host2)}>`)).toMatchObject({ code: 250 });
  });

  it("is no host of the lab, which may relay", async () => {
    const [host1, host2] = mailHosts();
    await using ssh = await logIn(host2, userOf(host2));
    const lines = [
      "EHLO host2",
      `MAIL FROM:<${addressOf(host2)}>`,
      "RCPT TO:<somebody@example2.test>",
      "QUIT",
    ];

    const { stdout } = await ssh.run(`nc -C -w 60 ${host1.address} 25`, {
      stdin: `${lines.join("\n")}\n`,
      deadlineMs: 90_000,
    });

    expect(stdout).toMatch(/^250 2\.1\.5 Ok\r?$/m);
  });
});

describe("an unknown user", () => {
  it("is refused by the host that should have it, where a known one is not", async () => {
    const [, host2] = mailHosts();
    using unknown = await SmtpDialogue.open({ host: LOOPBACK, port: host2.ports.smtp });
    const reply = await askToDeliver(unknown, "user1@example1.test", `${UNKNOWN_USER}@${host2.domain}`);
    expect(reply.code).toBe(550);
    expect(reply.lines.join(" ")).toContain("User unknown");

    using known = await SmtpDialogue.open({ host: LOOPBACK, port: host2.ports.smtp });
    expect(await askToDeliver(known, "user1@example1.test", addressOf(host2))).toMatchObject({ code: 250 });
  });

  it("brings the bounce, with the other host's 550, into the mailbox of the envelope sender", async () => {
    const [host1, host2] = mailHosts();
    const unknown = `${UNKNOWN_USER}@${host2.domain}`;

    const { messageId } = await sendAsUser(host1, unknown);

    await using ssh = await logIn(host1, userOf(host1));
    const mailbox = `/var/mail/${userOf(host1)}`;
    const bounce = await waitForMessage(
      ssh,
      `the bounce of ${messageId}`,
      { mailbox, hostName: host1.name },
      (message) => message.includes("Content-Type: multipart/report") && message.includes(messageId),
    );
    const text = bounce.toString("utf8");
    expect(text).toContain("Return-Path: <>");
    expect(text).toContain(`Final-Recipient: rfc822; ${unknown}`);
    expect(text).toMatch(/Diagnostic-Code: smtp; 550 5\.1\.1 <nosuchuser@/);
  });
});

describe("mail for outside the lab", () => {
  it.each([25, 465, 587])("is refused at once on port %i, from a host", async (port) => {
    const [host1, host2] = mailHosts();
    await using ssh = await logInAsStep(host1);
    // an address of the range for documentation (RFC 5737), where nobody lives
    const outside = await ssh.run(`nc -v -n -w 60 198.51.100.1 ${port}`, { deadlineMs: 90_000 });
    expect(outside.exitCode).not.toBe(0);
    expect(outside.stderr).toContain("refused");

    const inside = await ssh.run(`nc -C -n -w 60 ${host2.address} 25`, {
      stdin: "QUIT\n",
      deadlineMs: 90_000,
    });
    expect(inside.stdout).toMatch(/^220 /);
  });

  it.each(["10.1.2.3", "172.31.255.1", "192.168.200.1", "169.254.169.254"])(
    "cannot take the way over the private address %s either, on any port",
    async (address) => {
      const [host1] = mailHosts();
      await using ssh = await logInAsStep(host1);
      const { exitCode, stderr } = await ssh.run(`nc -v -n -w 60 ${address} 80`, { deadlineMs: 90_000 });
      expect(exitCode).not.toBe(0);
      expect(stderr).toContain("refused");
    },
  );
});
