import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TcpStream, type StreamPart } from "../../../src/model/capture/tcp-stream.ts";

const mebibyte = 1024 * 1024;

function textOf(parts: readonly StreamPart[]): string {
  return parts.map((part) => (part.kind === "bytes" ? part.bytes.toString() : `<${part.bytes}>`)).join("");
}

describe("a TCP stream", () => {
  it("is the same however it was cut, mixed up and sent again, over the turn of the numbers too", () => {
    const plans = fc.record({
      said: fc.uint8Array({ minLength: 1, maxLength: 300 }),
      first: fc.oneof(fc.nat(), fc.integer({ min: 2 ** 32 - 200, max: 2 ** 32 - 1 })),
      pieces: fc.array(fc.tuple(fc.nat(), fc.nat({ max: 80 })), { maxLength: 30 }),
      cuts: fc.array(fc.nat(), { maxLength: 10 }),
      seed: fc.nat(),
    });
    fc.assert(
      fc.property(plans, ({ said, first, pieces, cuts, seed }) => {
        const whole = Buffer.from(said);
        const places = [0, ...cuts.map((cut) => cut % whole.length), whole.length].sort((a, b) => a - b);
        const needed = places.slice(1).map((end, index) => [places[index] ?? 0, end] as const);
        const again = pieces.map(
          ([from, length]) => [from % whole.length, (from % whole.length) + length] as const,
        );
        const segments = [...needed, ...again]
          .map((range, index) => ({ range, rank: (index * 7919 + seed) % 101 }))
          .sort((left, right) => left.rank - right.rank);
        const stream = new TcpStream();
        stream.begin(first);
        const parts = segments.flatMap(({ range: [from, to] }) =>
          stream.take(first + from, whole.subarray(from, to)),
        );
        expect(parts.every(({ kind }) => kind === "bytes")).toBe(true);
        expect(
          Buffer.concat(parts.map((part) => (part.kind === "bytes" ? part.bytes : Buffer.of()))),
        ).toEqual(whole);
        stream.end(first + whole.length);
        expect(stream.isComplete).toBe(true);
      }),
    );
  });

  it("waits for what is missing, and names it where it never comes", () => {
    const stream = new TcpStream();
    stream.begin(100);
    expect(textOf(stream.take(103, Buffer.from("def")))).toBe("");
    expect(textOf(stream.take(100, Buffer.from("abc")))).toBe("abcdef");
    expect(textOf(stream.take(110, Buffer.from("klm")))).toBe("");
    expect(stream.isComplete).toBe(false);
    expect(textOf(stream.finish())).toBe("<4>klm");
  });

  it("takes the first segment for the beginning where that was not seen", () => {
    const stream = new TcpStream();
    expect(textOf(stream.take(5000, Buffer.from("late")))).toBe("late");
    expect(textOf(stream.take(4990, Buffer.from("before")))).toBe("");
  });

  it("gives nothing twice for a question whether the other end still lives", () => {
    const stream = new TcpStream();
    stream.begin(1);
    stream.take(1, Buffer.from("ab"));
    expect(textOf(stream.take(2, Buffer.from("b")))).toBe("");
  });

  it("keeps no more than some megabytes while it waits", () => {
    const stream = new TcpStream();
    stream.begin(0);
    let given = 0;
    for (let at = 1; at < 20 * mebibyte; at += mebibyte) {
      for (const part of stream.take(at, Buffer.alloc(mebibyte)))
        given += part.kind === "bytes" ? part.bytes.length : 0;
    }
    expect(given).toBe(20 * mebibyte);
    const small = new TcpStream();
    small.begin(0);
    const parts = Array.from({ length: 5000 }, (_, index) =>
      small.take(2 * index + 1, Buffer.from("x")),
    ).flat();
    expect(parts.length).toBeGreaterThan(2000);
  });
});
