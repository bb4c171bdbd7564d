import { describe, expect, it } from "vitest";
import { waitUntil } from "../../src/protocols/wait-until.ts";
import { runLab } from "../support/lab-command.ts";
import {
  addressOf,
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
import {
  change,
  eventsOf,
  hand,
  saidOf,
  trace,
  traceOnce,
  traceWhere,
  undoChanges,
} from "../support/traced-mail.ts";

showLabOnFailure();

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
    const told = await traceWhere(
      await hand(host1, addressOf(host2)),
      "delivered",
      (now) => now.hops.length === 2 && saidOf(now, "en").includes("encrypted (TLS)"),
    );
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
    const told = await traceWhere(
      await hand(host1, addressOf(host2)),
      "delivered",
      (now) => eventsOf(now, "passed").length > 0 && saidOf(now, "ja").includes("（TLSなし、平文）"),
    );
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

    await undoChanges();
    await using ssh = await logInAsStep(host1);
    await runAsRoot(ssh, "postqueue -f");
    const arrived = await traceWhere(messageId, "delivered", ({ hops }) => hops.length === 2);
    expect(eventsOf(arrived, "deferred").length).toBeGreaterThan(0);
    expect(arrived.hops.map(({ host }) => host)).toEqual([host1.name, host2.name]);
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
