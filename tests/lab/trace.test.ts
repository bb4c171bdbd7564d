import { randomUUID } from "node:crypto";
import { afterEach, describe, expect, it } from "vitest";
import type { EventWords } from "../../src/model/mail-trace-phrases.ts";
import type { MailTrace, TraceEvent, TraceOutcome } from "../../src/model/mail-trace.ts";
import type { Language } from "../../src/model/text.ts";
import { SmtpDialogue } from "../../src/protocols/smtp-dialogue.ts";
import { waitUntil } from "../../src/protocols/wait-until.ts";
import { runLab } from "../support/lab-command.ts";
import {
  addressOf,
  type HostUnderTest,
  labUnderTest,
  logIn,
  logInAsStep,
  mailHosts,
  passwordOf,
  runAsRoot,
  userOf,
} from "../support/lab-under-test.ts";
import { sendAsUser } from "../support/sent-mail.ts";
import { showLabOnFailure } from "../support/show-lab-on-failure.ts";
import { strangersWay } from "../support/stranger.ts";

showLabOnFailure();

/** Longer than until Postfix tries a mail again that it had to put off (five minutes). */
const fateDeadlineMs = 400_000;
const noWay = "this machine has no way to the lab on which a client is a stranger";

/** What `./lab trace --json` prints. */
type Told = Omit<MailTrace, "events"> & { readonly events: readonly (TraceEvent & { words: EventWords })[] };

async function trace(...words: string[]): Promise<Told> {
  const { exitCode, stdout, stderr } = await runLab([
    "trace",
    "--stack",
    labUnderTest().stack,
    "--json",
    ...words,
  ]);
  expect(exitCode, stdout + stderr).toBe(0);
  return JSON.parse(stdout) as Told;
}

/** The trace of a mail once this has become of it. */
async function traceOnce(messageId: string, ...outcomes: TraceOutcome[]): Promise<Told> {
  const awaited = `${messageId} to be ${outcomes.join(" or ")}`;
  return await waitUntil({ awaited, deadlineMs: fateDeadlineMs }, async () => {
    const { exitCode, stdout } = await runLab([
      "trace",
      "--stack",
      labUnderTest().stack,
      "--json",
      messageId,
    ]);
    // Its host may not have written a line of it yet.
    if (exitCode !== 0) return undefined;
    const told = JSON.parse(stdout) as Told;
    return outcomes.includes(told.outcome) ? told : undefined;
  });
}

/** What `--last` tells once that is what was just done; a busy host's log may come a moment late. */
async function lastOnce(outcome: TraceOutcome, via: "local" | "smtp", from?: string): Promise<Told> {
  const awaited = `the last event to be ${outcome}, ${via}, ${from ?? "of anybody"}`;
  return await waitUntil({ awaited, deadlineMs: fateDeadlineMs }, async () => {
    const told = await trace("--last");
    const isIt =
      told.outcome === outcome &&
      (from === undefined || told.from === from) &&
      (outcome !== "refused" || eventsOf(told, "refused").some(({ by }) => by.via === via));
    return isIt ? told : undefined;
  });
}

/** All that is said, in one language. */
function saidOf(told: Told, language: Language): string {
  return told.events
    .flatMap(({ words }) => [words.what, ...words.more].map((text) => text[language]))
    .join("\n");
}

function eventsOf<Kind extends TraceEvent["kind"]>(
  { events }: Told,
  kind: Kind,
): readonly (TraceEvent & { readonly kind: Kind })[] {
  return events.filter((event): event is typeof event & { readonly kind: Kind } => event.kind === kind);
}

/** Hands a mail to a host's sendmail, as a person's mail command does; gives its Message-ID. */
async function hand(host: HostUnderTest, to: string): Promise<string> {
  const messageId = `${randomUUID()}@${host.domain}`;
  const mail = `Subject: fate\nMessage-ID: <${messageId}>\nTo: ${to}\n\nhello\n`;
  await using ssh = await logIn(host, userOf(host));
  const { exitCode, stderr } = await ssh.run(`/usr/sbin/sendmail -i ${to}`, { stdin: mail });
  expect(exitCode, stderr).toBe(0);
  return messageId;
}

/** What is to be put back, newest first. */
const restorings: (() => Promise<void>)[] = [];

afterEach(async () => {
  while (restorings.length > 0) await restorings.pop()?.();
});

/** Changes something on a host as root; `undo` puts it back after the test. */
async function change(host: HostUnderTest, command: string, undo: string): Promise<void> {
  const asRoot = async (line: string): Promise<void> => {
    await using ssh = await logInAsStep(host);
    const { exitCode, stderr } = await runAsRoot(ssh, `sh -ec '${line}'`);
    expect(exitCode, stderr).toBe(0);
  };
  restorings.push(() => asRoot(undo));
  await asRoot(command);
}

describe("./lab trace of a mail that arrives", () => {
  it("tells a mail within one host", async () => {
    const [host1] = mailHosts();
    const told = await traceOnce(await hand(host1, userOf(host1)), "delivered");
    expect(told.hops).toMatchObject([{ host: host1.name }]);
    expect(eventsOf(told, "queued")).toMatchObject([{ source: { via: "local", user: userOf(host1) } }]);
    expect(eventsOf(told, "asked-dns")).toEqual([]);
    expect(saidOf(told, "en")).toContain(`handed to sendmail by ${userOf(host1)}`);
    expect(saidOf(told, "ja")).toContain(`${addressOf(host1)}のメールボックスに配達しました`);
  });

  it("tells a mail across: DNS, both queues, TLS, the mailbox", async () => {
    const [host1, host2] = mailHosts();
    const told = await traceOnce(await hand(host1, addressOf(host2)), "delivered");
    expect(told.hops.map(({ host }) => host)).toEqual([host1.name, host2.name]);
    const [asked] = eventsOf(told, "asked-dns");
    expect(asked?.questions.map(({ type, name }) => `${type} ${name}`)).toContain(`MX ${host2.domain}`);
    expect(asked?.answersNow).toEqual([
      { name: host2.domain, type: "MX", code: "NOERROR", records: [`10 mail.${host2.domain}`] },
      { name: `mail.${host2.domain}`, type: "A", code: "NOERROR", records: [host2.address] },
    ]);
    expect(eventsOf(told, "mailbox-looked-at")).toMatchObject([
      { finding: { is: "there", path: `/var/mail/${userOf(host2)}` } },
    ]);
    expect(saidOf(told, "en")).toContain("without login, encrypted (TLS)");
    expect(saidOf(told, "ja")).toContain("認証なし（TLSで暗号化）");
  });

  it("says whether it was read only as the mailbox shows it, and who was there", async () => {
    const [host1, host2] = mailHosts();
    const messageId = await hand(host1, addressOf(host2));
    const unread = await traceOnce(messageId, "delivered");
    expect(eventsOf(unread, "mailbox-looked-at")).toMatchObject([{ finding: { state: "new" } }]);

    await using ssh = await logIn(host2, userOf(host2));
    const password = passwordOf(userOf(host2));
    const commands = [
      `a LOGIN ${userOf(host2)} ${password}`,
      "b SELECT INBOX",
      "c FETCH * BODY[]",
      "d LOGOUT",
    ];
    const { stdout } = await ssh.run("nc -C -w 60 localhost 143", { stdin: `${commands.join("\n")}\n` });
    expect(stdout).toContain(messageId);

    const told = await waitUntil(
      { awaited: "the end of the visit in the log", deadlineMs: 60_000 },
      async () => {
        const now = await trace(messageId);
        return eventsOf(now, "mailbox-visited").some(({ endMs }) => endMs !== undefined) ? now : undefined;
      },
    );
    expect(eventsOf(told, "mailbox-visited")).toMatchObject([
      { protocol: "imap", user: userOf(host2), counts: { body_count: 1 } },
    ]);
    expect(eventsOf(told, "mailbox-looked-at")).toMatchObject([{ finding: { state: "read" } }]);
    expect(saidOf(told, "en")).toContain("Which mails these were isn't logged");
    expect(saidOf(told, "ja")).toContain("既読の印が付いています");
  });

  it("tells a mail program's: logged in, in clear, with the password readable", async () => {
    const [host1, host2] = mailHosts();
    const { queueId } = await sendAsUser(host1, addressOf(host2), { subject: "テストメール" });
    const told = await traceOnce(queueId, "delivered");
    expect(eventsOf(told, "queued")[0]?.source).toMatchObject({
      via: "smtp",
      login: { method: "PLAIN", username: userOf(host1) },
    });
    const settled = await waitUntil(
      { awaited: "the end of the connection in the log", deadlineMs: 60_000 },
      async () => {
        const now = await trace(queueId);
        return saidOf(now, "en").includes("without TLS") ? now : undefined;
      },
    );
    expect(saidOf(settled, "en")).toContain("The password went over the network readable");
    expect(saidOf(settled, "ja")).toContain("そのまま読める形で流れました");
  });

  it("says that the hosts talked in clear where TLS is off", async () => {
    const [host1, host2] = mailHosts();
    await change(
      host1,
      "cp -p /etc/postfix/main.cf /root/main.cf.kept; postconf -e smtp_tls_security_level=none; postfix reload",
      "mv /root/main.cf.kept /etc/postfix/main.cf; postfix reload",
    );
    const told = await traceOnce(await hand(host1, addressOf(host2)), "delivered");
    const passed = saidOf(told, "en")
      .split("\n")
      .find((line) => line.startsWith("passed on"));
    expect(passed).toContain("in clear: without TLS");
    expect(saidOf(told, "ja")).toContain("（TLSなし、平文）");
  });

  it("follows an alias", async () => {
    const [host1, host2] = mailHosts();
    await change(
      host1,
      `cp -p /etc/aliases /root/aliases.kept; echo "boss: ${addressOf(host2)}" >> /etc/aliases; newaliases`,
      "mv /root/aliases.kept /etc/aliases; newaliases",
    );
    const told = await traceOnce(await hand(host1, "boss"), "delivered");
    expect(told.recipients).toMatchObject([{ address: addressOf(host2), host: host2.name }]);
    expect(saidOf(told, "en")).toContain("It was written to boss");
    expect(saidOf(told, "ja")).toContain("元の宛先はboss");
  });

  it("tells that a mail was put off while the next host was down, and both attempts once it is there", async () => {
    const [host1, host2] = mailHosts();
    await change(host2, "systemctl stop postfix", "systemctl start postfix");
    const messageId = await hand(host1, addressOf(host2));
    const waiting = await traceOnce(messageId, "deferred");
    expect(waiting.recipients).toMatchObject([{ host: host1.name, reason: { dsn: "4.4.1" } }]);
    expect(saidOf(waiting, "en")).toContain(`nobody listens on that port of ${host2.name}`);
    expect(saidOf(waiting, "ja")).toContain("キューに残り、Postfixが後で再送します");

    await restorings.pop()?.();
    await using ssh = await logInAsStep(host1);
    await runAsRoot(ssh, "postqueue -f");
    const arrived = await traceOnce(messageId, "delivered");
    expect(eventsOf(arrived, "deferred").length).toBeGreaterThan(0);
    expect(arrived.hops.map(({ host }) => host)).toEqual([host1.name, host2.name]);
  });
});

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

describe("./lab trace", () => {
  it("shows a timeline in either language, and a diagram", async () => {
    const [host1, host2] = mailHosts();
    const messageId = await hand(host1, addressOf(host2));
    await traceOnce(messageId, "delivered");
    const words = ["trace", "--stack", labUnderTest().stack, `<${messageId}>`];
    const [english, japanese, diagram] = await Promise.all([
      runLab(words),
      runLab([...words, "--lang", "ja"]),
      runLab([...words, "--mermaid"]),
    ]);
    expect(english.stdout).toContain(`To: ${addressOf(host2)}: delivered`);
    expect(japanese.stdout).toContain(`宛先: ${addressOf(host2)}: 配達済み`);
    expect(diagram.stdout).toMatch(/^sequenceDiagram\n/);
  });

  it("says what to type where no log knows the mail, or none was named", async () => {
    const { stack } = labUnderTest();
    const unknown = await runLab(["trace", "--stack", stack, "none@nowhere.test"]);
    expect(unknown).toMatchObject({ exitCode: 2, stdout: "" });
    expect(unknown.stderr).toContain("LAB_TRACE_NO_MAIL");
    expect(unknown.stderr).toContain(`./lab trace --last --stack ${stack}`);
    expect(await runLab(["trace", "--stack", stack])).toMatchObject({ exitCode: 2 });
  });
});
