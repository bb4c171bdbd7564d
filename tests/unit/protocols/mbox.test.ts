import { describe, expect, it } from "vitest";
import { readHeaders, splitMbox, splitMessage } from "../../../src/protocols/mbox.ts";

const MAILBOX = Buffer.from(
  "From user1@host1 Tue May  6 00:09:08 2025\nSubject: one\nReceived: from a\n\tby b\nReceived: from c\n\nhello\n>From here\n\n" +
    "From user1@host1 Tue May  6 00:10:08 2025\nSubject: two\n\n>From is a word too\n\n",
);

describe("a mailbox file", () => {
  it("is split at its From lines only", () => {
    const messages = splitMbox(MAILBOX).map((message) => splitMessage(message).body.toString());
    expect(messages).toEqual(["hello\n>From here\n", ">From is a word too\n"]);
  });

  it("holds nothing when it is empty", () => {
    expect(splitMbox(Buffer.alloc(0))).toEqual([]);
  });

  it("gives a message's headers unfolded, several of one name in their order", () => {
    const headers = readHeaders(splitMbox(MAILBOX)[0] ?? Buffer.alloc(0));
    expect(Object.fromEntries(headers)).toEqual({ subject: ["one"], received: ["from a by b", "from c"] });
  });
});
