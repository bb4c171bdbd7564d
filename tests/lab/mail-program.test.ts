import { describe, expect, it } from "vitest";
import { openMailbox } from "../../src/protocols/imap.ts";
import { waitForMessageId } from "../../src/protocols/mail-arrival.ts";
import { readHeaders, splitMessage } from "../../src/protocols/mbox.ts";
import { buildMessage } from "../../src/protocols/message.ts";
import { connectPop3, type Pop3Session } from "../../src/protocols/pop3.ts";
import { sendMail } from "../../src/protocols/smtp.ts";
import { SmtpDialogue } from "../../src/protocols/smtp-dialogue.ts";
import { waitUntil } from "../../src/protocols/wait-until.ts";
import {
  addressOf,
  type HostUnderTest,
  logIn,
  logInAsStep,
  LOOPBACK,
  mailHosts,
  passwordOf,
  runAsRoot,
  userOf,
} from "../support/lab-under-test.ts";
import { sendAsUser, type SentMail } from "../support/sent-mail.ts";
import { showLabOnFailure } from "../support/show-lab-on-failure.ts";

showLabOnFailure();

/** rsyslog writes in its own time. */
const logDeadlineMs = 60_000;
const WRONG_PASSWORD = "no-such-password";
const JAPANESE = {
  subject: "池のカモ came back",
  body: "池にカモ(six of them)が帰りました。\n二行目: ①㈱～髙\n.ドットで始まる行\n",
};

/** The message as it lies in its receiver's mailbox file. */
async function arrivedAt(host: HostUnderTest, { messageId }: Pick<SentMail, "messageId">): Promise<Buffer> {
  await using receiver = await logIn(host, userOf(host));
  const mailbox = `/var/mail/${userOf(host)}`;
  return await waitForMessageId(receiver, messageId, { mailbox, hostName: host.name });
}

/** The message of a Message-ID among those of a POP3 session. */
async function findByPop3(session: Pop3Session, messageId: string): Promise<Buffer> {
  for (const { number } of (await session.list()).toReversed()) {
    const [id] = readHeaders(await session.top(number, 0)).get("message-id") ?? [];
    if (id === messageId) return await session.retr(number);
  }
  throw new Error(`${messageId} is not in the POP3 listing`);
}

describe.each([
  ["host1", "host2", () => mailHosts()],
  ["host2", "host1", () => mailHosts().reverse() as [HostUnderTest, HostUnderTest]],
])("sending with a password by %s to %s", (_from, _to, hosts) => {
  it("is logged as the user's, and the mail arrives", async () => {
    const [from, to] = hosts();

    const sent = await sendAsUser(from, addressOf(to));

    const headers = readHeaders(await arrivedAt(to, sent));
    expect(headers.get("delivered-to")).toEqual([addressOf(to)]);
    expect(headers.get("return-path")).toEqual([`<${addressOf(from)}>`]);
    await using ssh = await logInAsStep(from);
    // only this mail's own line can prove that it was let in by its password
    const logged = await waitUntil(
      { awaited: `${sent.queueId} in mail.log`, deadlineMs: logDeadlineMs },
      async () => {
        const { stdout } = await runAsRoot(ssh, `grep -F '${sent.queueId}: client=' /var/log/mail.log`);
        return stdout === "" ? undefined : stdout;
      },
    );
    expect(logged).toMatch(new RegExp(`sasl_method=(PLAIN|LOGIN), sasl_username=${userOf(from)}$`, "m"));
  });

  it("brings a Japanese subject and an 8bit body byte for byte", async () => {
    const [from, to] = hosts();

    const sent = await sendAsUser(from, addressOf(to), JAPANESE);

    const arrived = await arrivedAt(to, sent);
    const headers = readHeaders(arrived);
    expect(headers.get("content-transfer-encoding")).toEqual(["8bit"]);
    expect(headers.get("subject")).toEqual(readHeaders(sent.raw).get("subject"));
    expect(splitMessage(arrived).body).toEqual(Buffer.from(JAPANESE.body));
  });
});

describe("reading with a password", () => {
  it("gives by IMAP what was sent", async () => {
    const [host1, host2] = mailHosts();
    const sent = await sendAsUser(host1, addressOf(host2), JAPANESE);
    const user = userOf(host2);
    await arrivedAt(host2, sent);
    await using mailbox = await openMailbox({
      host: LOOPBACK,
      port: host2.ports.imap,
      user,
      password: passwordOf(user),
    });

    const source = (await mailbox.fetchByMessageId(sent.messageId)) ?? Buffer.alloc(0);

    expect(splitMessage(source).body.toString()).toBe(JAPANESE.body.replaceAll("\n", "\r\n"));
    const entry = (await mailbox.list()).find(({ messageId }) => messageId === sent.messageId);
    expect(entry?.subject).toBe(JAPANESE.subject);
    expect(await mailbox.fetchByMessageId("<never-sent@example1.test>")).toBeUndefined();
  });

  it("gives by POP3 what was sent", async () => {
    const [host1, host2] = mailHosts();
    const sent = await sendAsUser(host2, addressOf(host1), JAPANESE);
    const user = userOf(host1);
    const target = { host: LOOPBACK, port: host1.ports.pop3, user, password: passwordOf(user) };

    await arrivedAt(host1, sent);
    using session = await connectPop3(target);

    const source = await findByPop3(session, sent.messageId);

    expect(splitMessage(source).body.toString()).toBe(JAPANESE.body.replaceAll("\n", "\r\n"));
  });
});

describe("a wrong password", () => {
  it("is refused by SMTP, where the right one is not", async () => {
    const [host1] = mailHosts();
    const user = userOf(host1);
    const address = addressOf(host1);
    const { raw } = buildMessage({ from: address, to: address, subject: "refused", body: "" });
    const target = { host: LOOPBACK, port: host1.ports.smtp };

    const sending = sendMail(
      { ...target, auth: { user, password: WRONG_PASSWORD } },
      { from: address, to: [address], raw },
    );

    await expect(sending).rejects.toMatchObject({ code: "LAB_SMTP_AUTH_REFUSED" });
    await expect(sending).rejects.toThrow(/535 5\.7\.8/);
    using dialogue = await SmtpDialogue.open(target);
    await dialogue.send("EHLO test.invalid");
    const plain = Buffer.from(`\0${user}\0${passwordOf(user)}`).toString("base64");
    expect(await dialogue.send(`AUTH PLAIN ${plain}`, "AUTH PLAIN …")).toMatchObject({ code: 235 });
  });

  it("is refused by IMAP", async () => {
    const [host1] = mailHosts();
    const login = openMailbox({
      host: LOOPBACK,
      port: host1.ports.imap,
      user: userOf(host1),
      password: WRONG_PASSWORD,
    });
    await expect(login).rejects.toMatchObject({ code: "LAB_IMAP_AUTH_REFUSED" });
  });

  it("is refused by POP3", async () => {
    const [host1] = mailHosts();
    const login = connectPop3({
      host: LOOPBACK,
      port: host1.ports.pop3,
      user: userOf(host1),
      password: WRONG_PASSWORD,
    });
    await expect(login).rejects.toMatchObject({ code: "LAB_POP3_AUTH_REFUSED" });
  });
});
