/** One end of a connection. */
export interface TcpEnd {
  /** IPv4 with dots; IPv6 as eight groups. */
  readonly address: string;
  readonly port: number;
}

/** A TCP segment, out of a captured packet. */
export interface TcpSegment {
  readonly source: TcpEnd;
  readonly target: TcpEnd;
  /** Number of the payload's first byte, or of the SYN (RFC 9293). */
  readonly sequence: number;
  readonly isSyn: boolean;
  readonly isAck: boolean;
  readonly isFin: boolean;
  readonly isReset: boolean;
  readonly payload: Buffer;
}

/** How a packet came past, as the kernel says in a cooked packet's header (LINKTYPE_LINUX_SLL). */
export type PacketWay = "to-us" | "to-everybody" | "to-somebody-else" | "from-us";

const cookedHeaderBytes = 16;
const ways: readonly PacketWay[] = ["to-us", "to-everybody", "to-everybody", "to-somebody-else", "from-us"];
const protocols = { ipv4: 0x0800, ipv6: 0x86dd, tcp: 6 } as const;
const ipv6HeaderBytes = 40;
const shortestTcpBytes = 20;
const flags = { fin: 0x01, syn: 0x02, reset: 0x04, ack: 0x10 } as const;

/** The way of a cooked packet. */
export function packetWay(packet: Buffer): PacketWay | undefined {
  return packet.length < cookedHeaderBytes ? undefined : ways[packet.readUInt16BE(0)];
}

/** The TCP segment in a cooked packet; nothing where it is of another kind, a fragment, or cut in its headers. */
export function tcpSegmentOf(packet: Buffer): TcpSegment | undefined {
  if (packet.length < cookedHeaderBytes) return undefined;
  const etherType = packet.readUInt16BE(14);
  const ip = packet.subarray(cookedHeaderBytes);
  if (etherType === protocols.ipv4) return fromIpv4(ip);
  return etherType === protocols.ipv6 ? fromIpv6(ip) : undefined;
}

function fromIpv4(ip: Buffer): TcpSegment | undefined {
  const headerBytes = ((ip[0] ?? 0) & 0x0f) * 4;
  if (headerBytes < 20 || ip.length < headerBytes || ip[9] !== protocols.tcp) return undefined;
  const isFragment = (ip.readUInt16BE(6) & 0x3fff) !== 0;
  if (isFragment) return undefined;
  // What the kernel has put together itself may be longer than this field can say; it is 0 then.
  const totalBytes = ip.readUInt16BE(2) || ip.length;
  return fromTcp(ip.subarray(headerBytes, totalBytes), ipv4(ip, 12), ipv4(ip, 16));
}

function fromIpv6(ip: Buffer): TcpSegment | undefined {
  if (ip.length < ipv6HeaderBytes || ip[6] !== protocols.tcp) return undefined;
  const payloadBytes = ip.readUInt16BE(4) || ip.length;
  return fromTcp(ip.subarray(ipv6HeaderBytes, ipv6HeaderBytes + payloadBytes), ipv6(ip, 8), ipv6(ip, 24));
}

function ipv4(ip: Buffer, at: number): string {
  return [...ip.subarray(at, at + 4)].join(".");
}

function ipv6(ip: Buffer, at: number): string {
  return Array.from({ length: 8 }, (_, index) => ip.readUInt16BE(at + 2 * index).toString(16)).join(":");
}

function fromTcp(tcp: Buffer, source: string, target: string): TcpSegment | undefined {
  if (tcp.length < shortestTcpBytes) return undefined;
  const headerBytes = (tcp.readUInt8(12) >> 4) * 4;
  if (headerBytes < shortestTcpBytes || headerBytes > tcp.length) return undefined;
  const bits = tcp.readUInt8(13);
  return {
    source: { address: source, port: tcp.readUInt16BE(0) },
    target: { address: target, port: tcp.readUInt16BE(2) },
    sequence: tcp.readUInt32BE(4),
    isSyn: (bits & flags.syn) !== 0,
    isAck: (bits & flags.ack) !== 0,
    isFin: (bits & flags.fin) !== 0,
    isReset: (bits & flags.reset) !== 0,
    payload: tcp.subarray(headerBytes),
  };
}
