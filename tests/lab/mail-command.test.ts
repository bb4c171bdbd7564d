import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { waitForMessage } from "../../src/protocols/mail-arrival.ts";
import { readHeaders, splitMessage } from "../../src/protocols/mbox.ts";
import { addressOf, type HostUnderTest, logIn, mailHosts, userOf } from "../support/lab-under-test.ts";
import { showLabOnFailure } from "../support/show-lab-on-failure.ts";
import { CTRL_D, typeInto } from "../support/typed-session.ts";

showLabOnFailure();

const BODY = "The ducks are back on the pond";

/** Types a mail to the other host's user, as the textbook does, and gives what lies in that user's mailbox. */
async function sendByMailCommand(from: HostUnderTest, to: HostUnderTest, subject: string): Promise<Buffer> {
  await using sender = await logIn(from, userOf(from));
  const { exitCode } = await typeInto(sender, `mail ${addressOf(to)}`, [
    ["Cc:", "\n"],
    ["Subject:", `${subject}\n`],
    [subject, `${BODY}\n`],
    [BODY, CTRL_D],
  ]);
  expect(exitCode).toBe(0);
  await using receiver = await logIn(to, userOf(to));
  const arrival = { mailbox: `/var/mail/${userOf(to)}`, hostName: to.name };
  return await waitForMessage(receiver, `"${subject}"`, arrival, (message) => {
    return readHeaders(message).get("subject")?.includes(subject) === true;
  });
}

describe.each([
  ["host1 to host2", () => mailHosts()],
  ["host2 to host1", () => mailHosts().reverse() as [HostUnderTest, HostUnderTest]],
])("the mail command, from %s", (_direction, hosts) => {
  it("brings a mail with the headers that the textbook prints", async () => {
    const [from, to] = hosts();
    const subject = `Ducks ${randomUUID()}`;

    const message = await sendByMailCommand(from, to, subject);

    const sender = `${userOf(from)}@${from.hostname}`;
    const headers = readHeaders(message);
    expect(Object.fromEntries(headers)).toMatchObject({
      "return-path": [`<${sender}>`],
      "x-original-to": [addressOf(to)],
      "delivered-to": [addressOf(to)],
      to: [`<${addressOf(to)}>`],
      from: [expect.stringContaining(sender)],
      "user-agent": [expect.stringMatching(/^mail \(GNU Mailutils \d+\.\d+\)$/)],
      "message-id": [expect.stringMatching(new RegExp(`^<\\d{14}\\.\\w+@mail\\.${from.domain}>$`))],
    });
    const [lastHop, firstHop] = headers.get("received") ?? [];
    expect(lastHop).toMatch(
      new RegExp(
        `^from mail\\.${from.domain} \\(unknown \\[${from.address}\\]\\) ` +
          `by mail\\.${to.domain} \\(Postfix\\) with ESMTPS id \\w+ for <${addressOf(to)}>; `,
      ),
    );
    expect(firstHop).toMatch(
      new RegExp(`^by mail\\.${from.domain} \\(Postfix, from userid 1001\\) id \\w+; `),
    );
    expect(splitMessage(message).body.toString().trim()).toBe(BODY);
  });

  it("shows the mail to its receiver, in the list and whole", async () => {
    const [from, to] = hosts();
    const subject = `Read ${randomUUID()}`;
    const message = await sendByMailCommand(from, to, subject);
    const [messageId = ""] = readHeaders(message).get("message-id") ?? [];
    await using receiver = await logIn(to, userOf(to));

    const listed = await receiver.run("mail -H");
    // the list cuts a subject off at the terminal's width
    const row = listed.stdout.split("\n").find((line) => line.includes(subject.slice(0, 12)));
    const [, number = ""] = /^>?\s*[A-Z]?\s*(\d+)\s/.exec(row ?? "") ?? [];
    const { screen } = await typeInto(receiver, "mail", [
      ["?", `${number}\n`],
      [BODY, ""],
      ["?", "x\n"],
    ]);

    expect(screen).toContain(`"/var/mail/${userOf(to)}": `);
    expect(screen).toContain(`Message-Id: ${messageId}`);
    expect(screen).toContain(`X-Original-To: ${addressOf(to)}`);
  });
});

describe("the mailbox of a user", () => {
  it("is closed to the other accounts of its host", async () => {
    const [host1] = mailHosts();
    await sendByMailCommand(mailHosts()[1], host1, `Private ${randomUUID()}`);
    await using administrator = await logIn(host1, "ubuntu");

    const result = await administrator.run(`cat /var/mail/${userOf(host1)}`);

    expect(result.exitCode).not.toBe(0);
    expect(result.stderr).toContain("Permission denied");
  });
});
