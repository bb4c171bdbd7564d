import fc from "fast-check";
import { simpleParser } from "mailparser";
import { describe, expect, it } from "vitest";
import { buildMessage, makeMessageId } from "../../../src/protocols/message.ts";
import { readHeaders, splitMessage } from "../../../src/protocols/mbox.ts";

const ADDRESSES = { from: "user1@example1.test", to: "user2@example2.test" };

describe("a built message", () => {
  it("is read by another parser with the same subject, body and Message-ID", async () => {
    const subject = fc.string({
      unit: fc.constantFrom("あ", "件", "𠮷", "a", " ", "=?", "?="),
      maxLength: 60,
    });
    await fc.assert(
      fc.asyncProperty(subject, async (text) => {
        const { raw, messageId } = buildMessage({
          ...ADDRESSES,
          subject: `x${text}x`,
          body: "本文\n二行目\n",
        });
        const parsed = await simpleParser(raw);
        expect(parsed).toMatchObject({ subject: `x${text}x`, text: "本文\n二行目\n", messageId });
      }),
      { numRuns: 30 },
    );
  });

  it("has its text as UTF-8 8bit, and no header line above the 76 characters of RFC 2047", () => {
    const { raw } = buildMessage({ ...ADDRESSES, subject: "とても長い件名".repeat(20), body: "本文" });
    const { head, body } = splitMessage(raw);

    expect(readHeaders(raw).get("content-transfer-encoding")).toEqual(["8bit"]);
    expect(body).toEqual(Buffer.from("本文", "utf8"));
    expect(
      Math.max(
        ...head
          .toString()
          .split("\r\n")
          .map((line) => line.length),
      ),
    ).toBeLessThanOrEqual(76);
  });

  it("is refused where a header would hold a line end", () => {
    const content = { ...ADDRESSES, subject: "", body: "" };
    expect(() => buildMessage({ ...content, from: "a\r\nBcc: b" })).toThrow(/^from: /);
    expect(() => buildMessage({ ...content, subject: "a\nBcc: b" })).toThrow(/^subject: /);
  });

  it("gets a Message-ID of its own at the sender's domain", () => {
    const ids = [makeMessageId(ADDRESSES.from), makeMessageId(ADDRESSES.from)];
    expect(ids[0]).toMatch(/^<[0-9a-f-]{36}@example1\.test>$/);
    expect(ids[0]).not.toBe(ids[1]);
  });
});
