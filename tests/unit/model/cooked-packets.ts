import type { PacketWay, TcpEnd } from "../../../src/model/capture/tcp-segment.ts";

/** What a packet is to hold. */
export interface PacketPlan {
  readonly source: TcpEnd;
  readonly target: TcpEnd;
  readonly sequence?: number;
  /** `S`, `.` for ACK, `F`, `R`, as tcpdump writes them. */
  readonly flags?: string;
  readonly payload?: string | Buffer;
  readonly way?: PacketWay;
}

const ways: Readonly<Record<PacketWay, number>> = {
  "to-us": 0,
  "to-everybody": 1,
  "to-somebody-else": 3,
  "from-us": 4,
};
const bits: Readonly<Record<string, number>> = { F: 1, S: 2, R: 4, ".": 0x10 };

/** A Linux cooked packet with a TCP segment in it. */
export function cookedPacket({
  source,
  target,
  sequence = 0,
  flags = ".",
  payload = "",
  way = "from-us",
}: PacketPlan): Buffer {
  const said = Buffer.from(payload);
  const link = Buffer.alloc(16);
  link.writeUInt16BE(ways[way], 0);
  link.writeUInt16BE(0x0800, 14);
  const ip = Buffer.alloc(20);
  ip.writeUInt8(0x45, 0);
  ip.writeUInt16BE(40 + said.length, 2);
  ip.writeUInt8(6, 9);
  for (const [at, { address }] of [
    [12, source],
    [16, target],
  ] as const) {
    address.split(".").forEach((octet, index) => ip.writeUInt8(Number(octet), at + index));
  }
  const tcp = Buffer.alloc(20);
  tcp.writeUInt16BE(source.port, 0);
  tcp.writeUInt16BE(target.port, 2);
  tcp.writeUInt32BE(sequence >>> 0, 4);
  tcp.writeUInt8(0x50, 12);
  tcp.writeUInt8(
    Array.from(flags).reduce((sum, flag) => sum | (bits[flag] ?? 0), 0),
    13,
  );
  return Buffer.concat([link, ip, tcp, said]);
}
