import { describe, expect, it } from "vitest";
import { MailDialogue, type DialogueEntry } from "../../../src/model/capture/mail-dialogue.ts";
import { cookedPacket } from "./cooked-packets.ts";
import { host1, host2, Talk } from "./overheard-talk.ts";

const plain = Buffer.from("\0user1\0Geheim-ö").toString("base64");
const userInBase64 = Buffer.from("user1").toString("base64");
const passwordInBase64 = Buffer.from("secret").toString("base64");

describe("an SMTP conversation", () => {
  it("is told from the greeting to the end, with the password of AUTH PLAIN", () => {
    const talk = new Talk(25)
      .open()
      .lines("S: 220 mail ESMTP", "C: EHLO x", "S: 250-mail", "S: 250 AUTH PLAIN");
    talk
      .lines(`C: AUTH PLAIN ${plain}`, "S: 235 2.7.0 OK", "C: QUIT", "S: 221 Bye")
      .end("server")
      .end("client");
    expect(talk.heard()).toEqual([
      "SMTP host1 host2",
      "S: 220 mail ESMTP",
      "C: EHLO x",
      "S: 250-mail",
      "S: 250 AUTH PLAIN",
      `C: AUTH PLAIN ${plain}`,
      "= credentials user1 Geheim-ö",
      "S: 235 2.7.0 OK",
      "C: QUIT",
      "S: 221 Bye",
      "closed: closed 0/0",
    ]);
  });

  it("has AUTH LOGIN decoded question by question, and AUTH PLAIN on a line of its own", () => {
    const talk = new Talk(587).open().lines("C: AUTH LOGIN", "S: 334 VXNlcm5hbWU6", `C: ${userInBase64}`);
    talk.lines("S: 334 UGFzc3dvcmQ6", `C: ${passwordInBase64}`, "S: 535 no");
    talk.lines("C: AUTH PLAIN", "S: 334 ", `C: ${plain}`, "S: 235 ok", `C: ${plain}`);
    expect(talk.heard().filter((line) => line.startsWith("="))).toEqual([
      "= question Username:",
      "= user user1",
      "= question Password:",
      "= password secret",
      "= credentials user1 Geheim-ö",
    ]);
  });

  it("takes for an answer only what was asked for", () => {
    const talk = new Talk(25).open().lines("C: AUTH LOGIN", "C: QUIT", "S: 535 no", "S: 221 Bye");
    expect(talk.heard().filter((line) => line.startsWith("="))).toEqual([]);
  });

  it("does not take a challenge's answer for a password", () => {
    const challenge = Buffer.from("<1@mail>").toString("base64");
    const answer = Buffer.from("user1 8af3").toString("base64");
    const talk = new Talk(25).open().lines("C: AUTH CRAM-MD5", `S: 334 ${challenge}`, `C: ${answer}`);
    expect(talk.heard().filter((line) => line.startsWith("="))).toEqual([
      "= question <1@mail>",
      "= digest user1 8af3",
    ]);
  });

  it("is silent after STARTTLS was agreed to, and only then", () => {
    const talk = new Talk(25).open().lines("C: STARTTLS", "S: 454 not now", "C: STARTTLS", "S: 220 go");
    talk.say("client", Buffer.from("160301000a\n".repeat(3))).say("server", Buffer.from("secret\r\n"));
    talk.end("client").end("server");
    expect(talk.heard().slice(1)).toEqual([
      "C: STARTTLS",
      "S: 454 not now",
      "C: STARTTLS",
      "S: 220 go",
      "encrypted",
      "closed: closed 33/8",
    ]);
  });

  it("takes nothing in a mail for a command", () => {
    const talk = new Talk(25)
      .open()
      .lines("C: DATA", "S: 354 go", "C: STARTTLS", `C: AUTH PLAIN ${plain}`, "C: .");
    talk.lines("S: 220 2.0.0 Ok", "C: AUTH PLAIN AGEAYg==");
    expect(talk.heard()).not.toContain("encrypted");
    expect(talk.heard().filter((line) => line.startsWith("="))).toEqual(["= credentials a b"]);
  });

  it("counts what one side says beyond 200 lines, and shows the last", () => {
    const talk = new Talk(25).open().lines("C: DATA", "S: 354 go");
    talk.lines(...Array.from({ length: 1000 }, (_, index) => `C: line ${index}`), "C: .", "S: 250 taken");
    expect(talk.heard().slice(-4)).toEqual(["C: line 199", "C… 800", "C: .", "S: 250 taken"]);
  });

  it("cuts a line that has no end, and shows what a terminal would act on", () => {
    const talk = new Talk(25)
      .open()
      .say("client", "x".repeat(10_000))
      .lines("C: !", "C: \u001b[2J件名\u202e");
    const [long, hostile] = talk.heard().slice(1);
    expect(long).toMatch(/^C: x{4096} \+\d+$/);
    expect(hostile).toBe("C: \\x1b[2J件名\\u{202e}");
  });
});

describe("an IMAP conversation", () => {
  it("names the password of LOGIN, quoted, bare or as a literal", () => {
    const talk = new Talk(143).open().lines('C: 1 LOGIN "user1" "se\\"cret"', "S: 1 OK");
    talk.lines(
      "C: 2 login user1 secret",
      "S: 2 NO",
      "C: 3 LOGIN {5}",
      "S: + go",
      "C: user1 {7}",
      "S: + go",
      'C: a b"c d',
    );
    expect(talk.heard().filter((line) => line.startsWith("="))).toEqual([
      '= credentials user1 se"cret',
      "= credentials user1 secret",
      '= credentials user1 a b"c d',
    ]);
  });

  it("decodes AUTHENTICATE, and turns to TLS at the tag's OK", () => {
    const talk = new Talk(143).open().lines("C: a AUTHENTICATE PLAIN", "S: + ", `C: ${plain}`, "S: a OK");
    talk.lines("C: b STARTTLS", "S: * OK not yet", "S: b OK begin", "C: hidden");
    expect(talk.heard().slice(-5)).toEqual([
      "S: a OK",
      "C: b STARTTLS",
      "S: * OK not yet",
      "S: b OK begin",
      "encrypted",
    ]);
    expect(talk.heard()).toContain("= credentials user1 Geheim-ö");
  });

  it("takes nothing in a mail that is stored for a command", () => {
    const talk = new Talk(143)
      .open()
      .lines("C: a APPEND Sent {24}", "S: + go", "C: a LOGIN user1 stolen!", "C: ");
    expect(talk.heard().filter((line) => line.startsWith("="))).toEqual([]);
  });
});

describe("a POP3 conversation", () => {
  it("names the password of PASS, and turns to TLS after STLS", () => {
    const talk = new Talk(110)
      .open()
      .lines("S: +OK", "C: USER user1", "S: +OK", "C: PASS with space", "S: +OK");
    talk.lines("C: STLS", "S: +OK", "C: hidden");
    expect(talk.heard().slice(1)).toEqual([
      "S: +OK",
      "C: USER user1",
      "S: +OK",
      "C: PASS with space",
      "= credentials user1 with space",
      "S: +OK",
      "C: STLS",
      "S: +OK",
      "encrypted",
    ]);
  });
});

describe("connections", () => {
  it("that nobody takes, or that break off, are told as such", () => {
    const refused = new Talk(25);
    refused.packet("client", { flags: "S" }, 999);
    refused.packet("server", { flags: "R." }, 0);
    const silent = new Talk(25);
    silent.packet("client", { flags: "S" }, 999);
    silent.packet("client", { flags: "S" }, 999);
    silent.dialogue.finish();
    const broken = new Talk(25).open().lines("S: 220 mail").end("client", "R");
    const running = new Talk(25).open().say("server", "220 without an end");
    running.dialogue.finish();
    expect(refused.heard()).toEqual(["SMTP host1 host2", "closed: refused 0/0"]);
    expect(silent.heard()).toEqual(["SMTP host1 host2", "closed: no-answer 0/0"]);
    expect(broken.heard().at(-1)).toBe("closed: reset 0/0");
    expect(running.heard().slice(1)).toEqual(["S: 220 without an end", "closed: open 0/0"]);
  });

  it("that were open before are told from the middle, encrypted ones as such", () => {
    const talk = new Talk(143).lines("C: 7 NOOP");
    const hidden = new Talk(993).open().say("client", Buffer.from("16030100", "hex"));
    expect(talk.heard()).toEqual(["IMAP host1 host2 from the middle", "C: 7 NOOP"]);
    expect(hidden.heard()).toEqual(["IMAP host1 host2", "encrypted"]);
  });

  it("on the loopback of two hosts are two", () => {
    const ends = { client: "127.0.0.1", server: "127.0.0.1" };
    const first = new Talk(143, { ...ends, node: "host1" }).open().lines("S: * OK");
    expect(first.heard()[0]).toBe("IMAP host1 host1");
    const second = cookedPacket({
      source: { address: "127.0.0.1", port: 143 },
      target: { address: "127.0.0.1", port: 40_000 },
      payload: "* OK other\r\n",
    });
    first.dialogue.take({ atNs: 0n, bytes: second, node: "host2" });
    expect(first.entries.at(-1)).toMatchObject({ conversation: 2, text: "* OK other" });
  });

  it("of the same ends, one after the other, are two", () => {
    const talk = new Talk(25).open().lines("S: 220 one").end("server").end("client");
    talk.packet("server", { flags: "." });
    talk.packet("client", { flags: "S" }, 77_777);
    expect(talk.heard().slice(-2)).toEqual(["closed: closed 0/0", "SMTP host1 host2"]);
  });

  it("are not begun by a last word without bytes", () => {
    const talk = new Talk(25).end("client", "R");
    talk.packet("server", { flags: "." });
    expect(talk.heard()).toEqual([]);
  });

  it("name what was not captured", () => {
    const talk = new Talk(25).open();
    talk.packet("server", { payload: "later\r\n" }, 4_294_967_294);
    talk.end("client", "R");
    expect(talk.heard().slice(1)).toEqual(["S? 4", "S: later", "closed: reset 0/0"]);
  });

  it("are followed some hundreds at once, and no more", () => {
    const entries: DialogueEntry[] = [];
    const dialogue = new MailDialogue(
      () => undefined,
      (entry) => entries.push(entry),
    );
    for (let port = 1000; port < 2000; port += 1) {
      const ends = { source: { address: host1, port }, target: { address: host2, port: 25 } };
      dialogue.take({ atNs: 0n, bytes: cookedPacket({ ...ends, flags: "S" }), node: "host1" });
    }
    expect(entries.filter(({ kind }) => kind === "closed")).toHaveLength(1000 - 256);
  });

  it("of other kinds, and packets that are cut, say nothing", () => {
    const talk = new Talk(22).open().lines("S: SSH-2.0");
    const whole = cookedPacket({
      source: { address: host1, port: 1 },
      target: { address: host2, port: 25 },
      payload: "x",
    });
    for (let length = 0; length < 56; length += 1) {
      talk.dialogue.take({ atNs: 0n, bytes: whole.subarray(0, length), node: "host1" });
    }
    expect(talk.heard()).toEqual([]);
  });
});
