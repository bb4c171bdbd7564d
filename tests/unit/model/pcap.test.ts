import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  NoPcapError,
  PcapReader,
  cookedLinkType,
  pcapHeader,
  pcapRecord,
  type CapturedPacket,
} from "../../../src/model/capture/pcap.ts";

const packets: readonly CapturedPacket[] = [
  { atNs: 1_795_547_661_123_456_789n, bytes: Buffer.from("first"), wireBytes: 5 },
  { atNs: 1_795_547_661_123_456_790n, bytes: Buffer.alloc(0), wireBytes: 60 },
  { atNs: 1_795_547_662_000_000_000n, bytes: Buffer.alloc(70_000, 7), wireBytes: 70_000 },
];
const file = Buffer.concat([pcapHeader(), ...packets.map(pcapRecord)]);

/** Cuts bytes at the given places. */
function pieces(bytes: Buffer, cuts: readonly number[]): readonly Buffer[] {
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  return places.slice(1).map((place, index) => bytes.subarray(places[index], place));
}

describe("a capture", () => {
  it("is read as it was written, cut anywhere", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 8 }), (cuts) => {
        const reader = new PcapReader();
        expect(pieces(file, cuts).flatMap((piece) => reader.take(piece))).toEqual(packets);
      }),
    );
  });

  it("has begun when its header is there", () => {
    const reader = new PcapReader();
    reader.take(file.subarray(0, 23));
    expect(reader.hasBegun).toBe(false);
    reader.take(file.subarray(23, 24));
    expect(reader.hasBegun).toBe(true);
  });

  it("is read in the other byte order, too", () => {
    const header = Buffer.alloc(24);
    header.writeUInt32BE(0xa1b23c4d, 0);
    header.writeUInt32BE(cookedLinkType, 20);
    const record = Buffer.from("000000010000000200000001000000ff61", "hex");
    expect(new PcapReader().take(Buffer.concat([header, record]))).toEqual([
      { atNs: 1_000_000_002n, bytes: Buffer.from("a"), wireBytes: 255 },
    ]);
  });

  it("is refused where it is none, of other packets, or broken", () => {
    const ethernet = Buffer.from(pcapHeader());
    ethernet.writeUInt32LE(1, 20);
    const endless = Buffer.concat([pcapHeader(), Buffer.alloc(16, 0xff)]);
    for (const bytes of [Buffer.alloc(24), ethernet, endless]) {
      expect(() => new PcapReader().take(bytes)).toThrow(NoPcapError);
    }
  });
});
