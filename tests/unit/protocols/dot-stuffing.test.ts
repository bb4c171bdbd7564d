import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stuffDots, unstuffDot } from "../../../src/protocols/dot-stuffing.ts";

/** Reads a stuffed message as a receiver does: lines until the one that ends it. */
function receive(sent: Buffer): { message: string; rest: string } {
  const lines = sent.toString("latin1").split("\r\n");
  const received: string[] = [];
  for (const [index, line] of lines.entries()) {
    const unstuffed = unstuffDot(Buffer.from(line, "latin1"));
    if (unstuffed === undefined) {
      return { message: received.join(""), rest: lines.slice(index + 1).join("\r\n") };
    }
    received.push(`${unstuffed.toString("latin1")}\r\n`);
  }
  throw new Error("no end of message");
}

describe("dot stuffing", () => {
  it("brings every message through unchanged, with nothing left behind its end", () => {
    const line = fc.stringMatching(/^[.a\x80-\xff ]{0,5}$/);
    fc.assert(
      fc.property(fc.array(line, { minLength: 1 }), (lines) => {
        const message = lines.map((text) => `${text}\r\n`).join("");
        expect(receive(stuffDots(Buffer.from(message, "latin1")))).toEqual({ message, rest: "" });
      }),
    );
  });

  it("gives lines that end in LF alone, or not at all, the CRLF that the protocols want", () => {
    expect(stuffDots(Buffer.from("a\n.b\r\n\n.")).toString()).toBe("a\r\n..b\r\n\r\n..\r\n.\r\n");
  });
});
