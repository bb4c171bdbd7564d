import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addressAt, contains, formatIpv4, overlaps, parseCidr, parseIpv4 } from "../../../src/model/ipv4.ts";

describe("an IPv4 address", () => {
  it("is read back as it was written, whatever it is", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), (address) => {
        expect(parseIpv4(formatIpv4(address))).toBe(address);
      }),
    );
  });

  it.each(["", "192.168.1", "192.168.1.256", "192.168.1.1.1", "192.168.1.012", "::1", "a.b.c.d"])(
    "is not %j",
    (text) => {
      expect(parseIpv4(text)).toBeUndefined();
    },
  );
});

describe("a network in CIDR notation", () => {
  it.each(["192.168.1.1/24", "192.168.1.0", "192.168.1.0/33", "192.168.1.0/-1", "192.168.1.0/24/8"])(
    "is not %j",
    (text) => {
      expect(parseCidr(text)).toBeUndefined();
    },
  );

  it("holds its own addresses and not its neighbour's", () => {
    const network = parseCidr("192.168.1.0/24");
    expect(network && contains(network, parseIpv4("192.168.1.255") ?? 0)).toBe(true);
    expect(network && contains(network, parseIpv4("192.168.2.0") ?? 0)).toBe(false);
    expect(network && addressAt(network, 11)).toBe("192.168.1.11");
  });

  it("overlaps a wider one and a narrower one, and not the one beside it", () => {
    const lan = parseCidr("192.168.1.0/24");
    const relations = ["192.168.0.0/16", "192.168.1.128/25", "192.168.2.0/24"].map((text) => {
      const other = parseCidr(text);
      return lan && other && [overlaps(lan, other), overlaps(other, lan)];
    });
    expect(relations).toEqual([
      [true, true],
      [true, true],
      [false, false],
    ]);
  });
});
