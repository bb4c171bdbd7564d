import { describe, expect, it } from "vitest";
import { SmtpDialogue } from "../../src/protocols/smtp-dialogue.ts";
import { waitUntil } from "../../src/protocols/wait-until.ts";
import { addressOf, logIn, mailHosts, userOf } from "../support/lab-under-test.ts";
import { showLabOnFailure } from "../support/show-lab-on-failure.ts";
import {
  change,
  eventsOf,
  fateDeadlineMs,
  hand,
  lastOnce,
  saidOf,
  traceOnce,
} from "../support/traced-mail.ts";
import { strangersWay } from "../support/stranger.ts";

showLabOnFailure();

const noWay = "this machine has no way to the lab on which a client is a stranger";

describe("./lab trace of a mail that does not arrive", () => {
  it("tells an unknown user: the next host's refusal, the bounce, the sender's mailbox", async () => {
    const [host1, host2] = mailHosts();
    const messageId = await hand(host1, `nosuchuser@${host2.domain}`);
    const told = await waitUntil({ awaited: "the bounce", deadlineMs: fateDeadlineMs }, async () => {
      const now = await traceOnce(messageId, "bounced");
      return eventsOf(now, "delivered").length > 0 ? now : undefined;
    });
    expect(eventsOf(told, "refused")).toMatchObject([{ host: host2.name, at: "RCPT" }]);
    expect(eventsOf(told, "notified")).toMatchObject([{ about: "non-delivery" }]);
    expect(eventsOf(told, "delivered")).toMatchObject([{ to: addressOf(host1), isNotification: true }]);
    expect(told.recipients).toMatchObject([{ outcome: "bounced", reason: { dsn: "5.1.1" } }]);
    expect(saidOf(told, "en")).toContain(`${host2.name} has neither an account nor an alias of that name`);
    expect(saidOf(told, "ja")).toContain("バウンスメール");
  });

  it("tells a domain that DNS doesn't have, asked for and answered", async () => {
    const [host1] = mailHosts();
    const told = await traceOnce(await hand(host1, "somebody@nowhere.test"), "bounced");
    expect(eventsOf(told, "asked-dns")[0]).toMatchObject({
      domain: "nowhere.test",
      answersNow: [{ name: "nowhere.test", type: "MX", code: "NXDOMAIN" }],
    });
    expect(eventsOf(told, "asked-dns")[0]?.questions.length).toBeGreaterThan(0);
    expect(saidOf(told, "en")).toContain("DNS knows no mail host of that domain");
    expect(saidOf(told, "ja")).toContain("DNSにそのドメインのメールサーバーがありません");
  });

  it("tells a mail that two .forward files send round", async () => {
    const [host1, host2] = mailHosts();
    for (const [host, to] of [
      [host1, addressOf(host2)],
      [host2, addressOf(host1)],
    ] as const) {
      const file = `/home/${userOf(host)}/.forward`;
      await change(host, `echo ${to} > ${file}; chown ${userOf(host)} ${file}`, `rm ${file}`);
    }
    const told = await traceOnce(await hand(host1, addressOf(host2)), "bounced");
    expect(told.recipients).toMatchObject([{ reason: { dsn: "5.4.6" } }]);
    expect(told.hops.filter(({ isNotification }) => !isNotification).length).toBeGreaterThan(3);
    expect(saidOf(told, "en")).toContain("sends it back to where it has been");
    expect(saidOf(told, "ja")).toContain("転送が輪になっています");
  });

  it("finds by --last a mail that was too large for sendmail itself", async () => {
    const [host1, host2] = mailHosts();
    await using ssh = await logIn(host1, userOf(host1));
    const command = `head -c 11000000 /dev/zero | tr "\\0" a | fold | /usr/sbin/sendmail -i ${addressOf(host2)}`;
    expect((await ssh.run(command, { deadlineMs: 120_000 })).exitCode).not.toBe(0);
    const told = await lastOnce("refused", "local");
    expect(told).toMatchObject({ outcome: "refused", hops: [] });
    expect(saidOf(told, "en")).toContain(`larger than ${host1.name} takes (message_size_limit)`);
    expect(saidOf(told, "ja")).toContain("上限（message_size_limit）を超えています");
  });

  it("finds by --last a stranger's mail that was not passed on", async ({ skip }) => {
    const [host1, host2] = mailHosts();
    const way = strangersWay(host1);
    if (way === undefined) return skip(noWay);
    using dialogue = await SmtpDialogue.open(way);
    await dialogue.send("EHLO stranger.invalid");
    await dialogue.send("MAIL FROM:<stranger@example.com>");
    expect((await dialogue.send(`RCPT TO:<${addressOf(host2)}>`)).code).toBe(454);
    const told = await lastOnce("refused", "smtp", "stranger@example.com");
    expect(told).toMatchObject({ outcome: "refused", from: "stranger@example.com" });
    expect(eventsOf(told, "refused")).toMatchObject([
      { at: "RCPT", to: addressOf(host2), reason: { dsn: "4.7.1" } },
    ]);
    expect(saidOf(told, "en")).toContain("for its own network (mynetworks) and for who has logged in");
    expect(saidOf(told, "ja")).toContain("SMTP認証をしたクライアントだけです");
  });

  it("finds by --last a login that failed", async () => {
    const [host1] = mailHosts();
    using dialogue = await SmtpDialogue.open({
      host: "127.0.0.1",
      port: host1.ports.smtp,
      deadlineMs: 120_000,
    });
    await dialogue.send("EHLO client.invalid");
    const wrong = Buffer.from(`\0${userOf(host1)}\0wrong`).toString("base64");
    expect((await dialogue.send(`AUTH PLAIN ${wrong}`, "AUTH PLAIN …")).code).toBe(535);
    const told = await lastOnce("login-failed", "smtp");
    expect(told).toMatchObject({ outcome: "login-failed", recipients: [], hops: [] });
    expect(saidOf(told, "en")).toContain("could not log in");
    expect(saidOf(told, "ja")).toContain("SMTP認証（PLAIN）が失敗しました");
  });
});
