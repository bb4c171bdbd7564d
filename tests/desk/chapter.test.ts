import { randomBytes } from "node:crypto";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it, onTestFailed } from "vitest";
import type { MailTrace } from "../../src/model/trace/mail-trace.ts";
import { waitForMessage } from "../../src/protocols/mail-arrival.ts";
import { readHeaders, splitMessage } from "../../src/protocols/mbox.ts";
import { waitUntil } from "../../src/protocols/wait-until.ts";
import { LabInHand } from "../support/lab-in-hand.ts";
import type { Marionette } from "../support/marionette.ts";
import { CTRL_D, typeInto } from "../support/typed-session.ts";
import { DeskContainer } from "./desk-container.ts";
import { DeskScreen } from "./desk-screen.ts";
import { Thunderbird } from "./thunderbird.ts";

/** Where Thunderbird stands in the book: the host PC's address. */
const deskAddress = "192.168.1.122";
const subject = "テストメール from user1";
const text = "テストメール(from user1)です";
/** Postfix tries a mail that it has put off again after 300 s. */
const mailDeadlineMs = 400_000;

describe("the chapter's Thunderbird part, on the desk", () => {
  const resources = new AsyncDisposableStack();
  let lab: LabInHand;
  let desk: DeskContainer;
  let screen: DeskScreen;
  let marionette: Marionette;
  let thunderbird: Thunderbird;
  let port: number;
  let password: string;
  let messageId: string;

  beforeAll(async () => {
    const stack = `desk-${randomBytes(2).toString("hex")}`;
    lab = resources.use(await LabInHand.build(stack, undefined, ["--desk", "ja"]));
    desk = new DeskContainer(stack);
    port = await desk.screenPort();
    password = await desk.run("cat /etc/mail-lab/desk/password");
    // The lab's servers are finished, which takes seconds; the desk is to be as the exercise has it, with no account.
    await desk.waitForThunderbird(true);
    await desk.closeThunderbird();
    await desk.run("rm -rf /etc/mail-lab/desk/account.json /home/student/.thunderbird/desk", "root");
  });

  afterAll(async () => {
    await resources.disposeAsync();
  });

  it("is seen in a browser that has the password, and by nobody else", async () => {
    const stranger = await DeskScreen.open(port, "password=wrong123");
    await stranger.page.frameLocator("iframe").locator("#noVNC_status.noVNC_status_error").waitFor();
    expect(await stranger.page.frameLocator("iframe").locator("#noVNC_container canvas").count()).toBe(0);
    await stranger[Symbol.asyncDispose]();
    screen = resources.use(await DeskScreen.open(port, `password=${password}`));
    await screen.waitForPicture();
    expect(screen.page.url()).not.toContain(password);
    const log = await execa("docker", ["logs", desk.name], { all: true });
    expect(log.all).not.toContain(password);
    marionette = resources.use(await desk.driveThunderbird());
    thunderbird = new Thunderbird(marionette);
  });

  it("sets the account up by hand with the book's tables", async () => {
    showScreenOnFailure("set-up");
    await thunderbird.waitForPage("メールアドレスの追加");
    await screen.keep("1-start");
    await thunderbird.fillIn({ realName: "user1", email: "user1@example1.test" });
    await screen.keep("2-address");
    await thunderbird.press("manualConfiguration");
    await thunderbird.waitForPage("受信サーバー設定");
    await thunderbird.fillInServer("incoming", { host: "mail.example1.test", port: 143, user: "user1" });
    expect(await thunderbird.warning()).toContain("安全でないメールサーバー");
    await screen.keep("3-incoming");
    await thunderbird.press("forward");
    await thunderbird.waitForPage("送信サーバー設定");
    await thunderbird.fillInServer("outgoing", { host: "mail.example1.test", port: 25, user: "user1" });
    // Today's dialog goes on only after its own test.
    await thunderbird.press("custom");
    expect(await thunderbird.warning()).toContain("安全でないメールサーバー");
    await screen.keep("4-outgoing");
    await thunderbird.press("forward");
    await thunderbird.waitForPage("メールアカウントのパスワードを入力してください");
    await thunderbird.fillIn({ password: lab.password("user1") });
    await screen.keep("5-password");
    await thunderbird.press("forward");
    await thunderbird.waitForButton("closeButton");
    await screen.keep("6-done");
    await thunderbird.press("forward");
  });

  it("receives a mail to oneself", async () => {
    showScreenOnFailure("to-oneself");
    await thunderbird.write("user1@example1.test", "テストメール", text);
    await screen.keep("7-write-to-oneself");
    await thunderbird.send();
    await thunderbird.openInbox();
    await thunderbird.waitForMail("テストメール");
    expect((await thunderbird.open("テストメール")).text).toBe(text);
    await screen.keep("8-received");
  });

  it("sends user2 the book's mail, with the book's headers", async () => {
    showScreenOnFailure("to-user2");
    await thunderbird.write("user2@example2.test", subject, text);
    await screen.keep("9-write-to-user2");
    await thunderbird.send();
    await using user2 = await lab.logIn("host2", "user2");
    const arrival = { mailbox: "/var/mail/user2", hostName: "host2", deadlineMs: mailDeadlineMs };
    const message = await waitForMessage(user2, `"${subject}"`, arrival, (candidate) =>
      (readHeaders(candidate).get("user-agent")?.[0] ?? "").includes("Thunderbird"),
    );
    const headers = readHeaders(message);
    const [, firstHop] = headers.get("received") ?? [];
    expect(firstHop).toMatch(
      new RegExp(
        `^from \\[${deskAddress.replaceAll(".", "\\.")}\\] \\(unknown \\[${deskAddress.replaceAll(".", "\\.")}\\]\\) ` +
          `by mail\\.example1\\.test \\(Postfix\\) with ESMTPA? id \\w+ for <user2@example2\\.test>; `,
      ),
    );
    expect(Object.fromEntries(headers)).toMatchObject({
      "user-agent": ["Mozilla Thunderbird"],
      to: ["user2@example2.test"],
      from: ["user1 <user1@example1.test>"],
      date: [expect.stringMatching(/\+0900$/)],
      "content-type": ["text/plain; charset=UTF-8; format=flowed"],
      "content-transfer-encoding": ["8bit"],
    });
    expect(splitMessage(message).body.toString().trim()).toBe(text);
    messageId = headers.get("message-id")?.[0] ?? "";
  });

  it("is told by trace as who sent that mail, logged in and in clear, in either language", async () => {
    const told = await waitUntil(
      { awaited: "the end of Thunderbird's connection in the log", deadlineMs: mailDeadlineMs },
      async () => {
        const { outcome, events } = JSON.parse(await lab.good("trace", messageId, "--json")) as MailTrace;
        const taken = events.find(({ kind, host }) => kind === "queued" && host === "host1");
        return JSON.stringify(taken).includes('"tls":"unknown"') ? undefined : { outcome, taken };
      },
    );
    expect(told).toMatchObject({
      outcome: "delivered",
      taken: {
        source: {
          via: "smtp",
          client: { node: "desk", address: deskAddress },
          login: { method: "PLAIN", username: "user1" },
          tls: "off",
        },
      },
    });
    expect(await lab.good("trace", messageId, "--lang", "en")).toContain("without TLS");
    expect(await lab.good("trace", messageId, "--lang", "ja")).toContain("そのまま読める形で流れました");
  });

  it("shows the answer that user2 gives with the mail command", async () => {
    showScreenOnFailure("answer");
    await using user2 = await lab.logIn("host2", "user2");
    const { exitCode, screen: shown } = await typeInto(user2, "mail", [
      ["? ", "1\n"],
      [text, "reply\n"],
      ["Subject: Re: ", "届きました\n"],
      ["届きました", CTRL_D],
      ["? ", "q\n"],
    ]);
    expect(shown).toContain("テストメール");
    expect(exitCode).toBe(0);
    const answer = `Re: ${subject}`;
    expect((await thunderbird.waitForMail(answer)).label).toContain("user2");
    const mail = await thunderbird.open(answer);
    expect(mail.text).toContain("届きました");
    expect(mail.from).toContain("user2");
    await screen.keep("10-answer");
  });

  it("loses nothing when the browser is closed", async () => {
    await screen[Symbol.asyncDispose]();
    screen = resources.use(await DeskScreen.open(port, `password=${password}`));
    await screen.waitForPicture();
    await screen.keep("11-opened-again");
    expect((await thunderbird.open("テストメール")).text).toBe(text);
  });

  /** Keeps the screen as it was when a test failed. */
  function showScreenOnFailure(name: string): void {
    onTestFailed(async () => {
      await screen.keep(`failed-${name}`);
    });
  }
});
