import { describe, expect, it } from "vitest";
import { sendMail } from "../../../src/protocols/smtp.ts";
import { SmtpDialogue } from "../../../src/protocols/smtp-dialogue.ts";
import { startLineServer } from "../../support/line-server.ts";

const HOST = "127.0.0.1";
const MESSAGE = {
  from: "user1@example1.test",
  to: ["user2@example2.test"],
  raw: Buffer.from("Subject: x\r\n\r\n本文\r\n.dot\r\n"),
};
/** AUTH PLAIN of user1 with the password "right". */
const RIGHT_LOGIN = `AUTH PLAIN ${Buffer.from("\0user1\0right").toString("base64")}`;

/** A mail server of few words. */
function startSmtpServer() {
  let isMessage = false;
  return startLineServer("220-mail.example1.test\r\n220 ESMTP\r\n", (line) => {
    if (isMessage) {
      isMessage = line !== ".";
      return isMessage ? undefined : "250 2.0.0 Ok: queued as 3DF257A3D\r\n";
    }
    if (line.startsWith("EHLO")) return "250-mail.example1.test\r\n250-AUTH PLAIN\r\n250 8BITMIME\r\n";
    if (line.startsWith("AUTH")) {
      return line === RIGHT_LOGIN ? "235 2.7.0 ok\r\n" : "535 5.7.8 Error: authentication failed\r\n";
    }
    if (line.startsWith("RCPT") && line.includes("nobody")) return "550 5.1.1 User unknown\r\n";
    isMessage = line === "DATA";
    return isMessage ? "354 go on\r\n" : "250 2.1.0 Ok\r\n";
  });
}

describe("sending by SMTP", () => {
  it("logs in, declares 8bit text, and hands the message over unchanged", async () => {
    await using server = await startSmtpServer();

    const reply = await sendMail(
      { host: HOST, port: server.port, auth: { user: "user1", password: "right" } },
      MESSAGE,
    );

    expect(reply).toBe("250 2.0.0 Ok: queued as 3DF257A3D");
    expect(server.received).toContain("MAIL FROM:<user1@example1.test> BODY=8BITMIME");
    expect(server.received).toContain("本文");
    expect(server.received).toContain("..dot");
  });

  it("says that a wrong password was refused, in the server's words and without the password", async () => {
    await using server = await startSmtpServer();

    const sending = sendMail(
      { host: HOST, port: server.port, auth: { user: "user1", password: "wrong-secret" } },
      MESSAGE,
    );

    await expect(sending).rejects.toMatchObject({ code: "LAB_SMTP_AUTH_REFUSED" });
    await expect(sending).rejects.toThrow(/535 5\.7\.8/);
    await expect(sending).rejects.not.toThrow(/wrong-secret/);
  });

  it("says that a recipient was refused, also when another one was not", async () => {
    await using server = await startSmtpServer();
    const target = { host: HOST, port: server.port };
    const nobody = "nobody@example2.test";

    const alone = sendMail(target, { ...MESSAGE, to: [nobody] });
    await expect(alone).rejects.toMatchObject({ code: "LAB_SMTP_REFUSED" });
    await expect(alone).rejects.toThrow(/550 5\.1\.1 User unknown/);
    const both = sendMail(target, { ...MESSAGE, to: [...MESSAGE.to, nobody] });
    await expect(both).rejects.toMatchObject({ code: "LAB_SMTP_REFUSED" });
  });

  it("gives up on a server that says nothing, naming the time", async () => {
    await using server = await startLineServer("", () => undefined);

    const sending = sendMail({ host: HOST, port: server.port, deadlineMs: 50 }, MESSAGE);

    await expect(sending).rejects.toThrow(/no answer in time \(limit 0\.05 s\)$/);
  });
});

describe("an SMTP dialogue", () => {
  it("gives the greeting and each reply with its code and lines", async () => {
    await using server = await startSmtpServer();
    using dialogue = await SmtpDialogue.open({ host: HOST, port: server.port });

    expect(dialogue.greeting).toEqual({ code: 220, lines: ["mail.example1.test", "ESMTP"] });
    expect(await dialogue.send("EHLO x")).toEqual({
      code: 250,
      lines: ["mail.example1.test", "AUTH PLAIN", "8BITMIME"],
    });
    expect((await dialogue.send("RCPT TO:<nobody@example2.test>")).code).toBe(550);
    expect((await dialogue.sendMessage(Buffer.from(".\r\n"))).lines).toEqual([
      "2.0.0 Ok: queued as 3DF257A3D",
    ]);
    expect(server.received.slice(-2)).toEqual(["..", "."]);
  });

  it("comes from the local address that it is given", async () => {
    const seen: (string | undefined)[] = [];
    await using server = await startLineServer("220 ok\r\n", (_line, socket) => {
      seen.push(socket.remoteAddress);
      return "221 bye\r\n";
    });
    using dialogue = await SmtpDialogue.open({ host: HOST, port: server.port, localAddress: "127.0.0.9" });
    await dialogue.send("QUIT");

    expect(seen).toEqual(["127.0.0.9"]);
  });

  it("says what it waited for when nothing comes, the server leaves, or it is no mail server", async () => {
    await using silent = await startLineServer("220 ok\r\n", () => undefined);
    using waiting = await SmtpDialogue.open({ host: HOST, port: silent.port, deadlineMs: 50 });
    await expect(waiting.send("NOOP")).rejects.toMatchObject({
      code: "LAB_SMTP_NO_ANSWER",
      message: `waiting for the reply to "NOOP" at 127.0.0.1:${silent.port}: no answer in time (limit 0.05 s)`,
    });

    await using leaving = await startLineServer("220 ok\r\n", (_line, socket) => {
      socket.end();
      return undefined;
    });
    using left = await SmtpDialogue.open({ host: HOST, port: leaving.port });
    await expect(left.send("NOOP")).rejects.toMatchObject({ code: "LAB_SMTP_CLOSED" });

    await using web = await startLineServer("HTTP/1.1 400 Bad Request\r\n", () => undefined);
    await expect(SmtpDialogue.open({ host: HOST, port: web.port })).rejects.toMatchObject({
      code: "LAB_SMTP_NOT_SMTP",
    });
  });

  it("names the address and the reason when nothing listens", async () => {
    const { port } = await freePort();
    await expect(SmtpDialogue.open({ host: HOST, port })).rejects.toThrow(
      new RegExp(`^connecting by SMTP at 127\\.0\\.0\\.1:${port}: connect ECONNREFUSED`),
    );
  });
});

/** A port that was free a moment ago. */
async function freePort(): Promise<{ port: number }> {
  await using server = await startLineServer("", () => undefined);
  return { port: server.port };
}
