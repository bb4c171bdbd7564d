import { describe, expect, it } from "vitest";
import { decodeHeads, decodeMailApart } from "../../../src/protocols/decode-apart.ts";

const bytes = (...lines: string[]) => Buffer.from(lines.join("\n"), "utf8");

describe("a mail that is decoded", () => {
  it("shows its headers and text as they were meant", async () => {
    const subject = Buffer.from("テストメール").toString("base64");
    const mail = await decodeMailApart(
      bytes(
        "From: =?UTF-8?B?5bGx55Sw?= <user1@example1.test>",
        "To: user2@example2.test",
        `Subject: =?UTF-8?B?${subject}?=`,
        "Date: Tue, 24 Nov 2026 12:00:00 +0900",
        "Message-ID: <a@b>",
        "Content-Type: text/plain; charset=iso-2022-jp",
        "Content-Transfer-Encoding: 7bit",
        "",
        '\u001B$B$"\u001B(B',
      ),
    );
    expect(mail).toMatchObject({
      subject: "テストメール",
      to: "user2@example2.test",
      date: "2026-11-24T03:00:00.000Z",
      messageId: "a@b",
    });
    expect(mail.from).toContain("山田");
    expect(mail.text.trim()).toBe("あ");
  });

  it("gives of HTML alone its words, and no tag that runs", async () => {
    const mail = await decodeMailApart(
      bytes(
        "Subject: <script>alert(1)</script>",
        "Content-Type: text/html",
        "",
        "<p>hello</p><script>alert(1)</script>",
      ),
    );
    expect(mail.subject).toBe("<script>alert(1)</script>");
    expect(mail.text).toContain("hello");
    expect(mail.text).not.toContain("alert");
  });

  it("is cut where it is long, and has its date only where it can be read", async () => {
    const mail = await decodeMailApart(
      bytes(`Subject: ${"x".repeat(5000)}`, "Date: nonsense", "", "y".repeat(1_000_000)),
    );
    expect(mail.subject.length).toBe(300);
    expect(mail.text.length).toBe(256 * 1024);
    expect(mail.isTextCut).toBe(true);
    expect(mail).not.toHaveProperty("date");
  });

  it("has no control characters in what is one line", async () => {
    const [head] = await decodeHeads([bytes("Subject: a\u0000b\u001B[31mc", "From: x\u0007@y", "", "")]);
    expect(head?.subject).not.toMatch(/\p{Cc}/u);
    expect(head?.from).not.toMatch(/\p{Cc}/u);
  });

  it("is no harm to others where it is made to be hard to read", async () => {
    const nested = Array.from(
      { length: 3000 },
      (_, depth) => `Content-Type: multipart/mixed; boundary=b${depth}\n\n--b${depth}\n`,
    );
    await decodeMailApart(Buffer.from(nested.join(""))).catch((error: unknown) => {
      expect(error).toBeInstanceOf(Error);
    });
    const [head] = await decodeHeads([bytes("Subject: fine", "", "")]);
    expect(head?.subject).toBe("fine");
  });
});
