import type { CapturedPacket } from "./pcap.ts";
import { packetWay } from "./tcp-segment.ts";

/** A packet and the node at which it was captured. */
export interface NodePacket extends CapturedPacket {
  readonly node: string;
}

/** What is kept back at most; beyond it the order gives way. */
const mostHeldBytes = 64 * 1024 * 1024;

/** Brings packets that were captured at several nodes into one order of time. */
export class PacketOrder {
  readonly #settleMs: number;
  #held: { readonly packet: NodePacket; readonly arrivedMs: number }[] = [];
  #heldBytes = 0;

  /** @param settleMs - how long a packet is kept back, so that one of another node that was earlier can go first. */
  constructor(settleMs: number) {
    this.#settleMs = settleMs;
  }

  /** Whether more is held than should be: whoever brings packets waits. */
  get isFull(): boolean {
    return this.#heldBytes > mostHeldBytes;
  }

  /** @param arrivedMs - when it came in here, by a clock that only goes on. */
  add(packet: NodePacket, arrivedMs: number): void {
    this.#held.push({ packet, arrivedMs });
    this.#heldBytes += packet.bytes.length;
  }

  /** The packets that have been here long enough, and those that were before them, in order of time. */
  due(nowMs: number): readonly NodePacket[] {
    const untilMs = this.isFull ? nowMs : nowMs - this.#settleMs;
    let newestNs = -1n;
    for (const { packet, arrivedMs } of this.#held) {
      if (arrivedMs <= untilMs && packet.atNs > newestNs) newestNs = packet.atNs;
    }
    const due = this.#held.filter(({ packet }) => packet.atNs <= newestNs).map(({ packet }) => packet);
    if (due.length === 0) return due;
    this.#held = this.#held.filter(({ packet }) => packet.atNs > newestNs);
    this.#heldBytes = this.#held.reduce((sum, { packet }) => sum + packet.bytes.length, 0);
    return due.sort((left, right) => Number(left.atNs - right.atNs));
  }
}

/** What is captured of a lab. */
export interface CaptureFilter {
  /** Addresses of the nodes at which packets are captured. */
  readonly nodes: readonly string[];
  /** Ranges of the network that carries the lab's, where that is another one. */
  readonly carriers: readonly string[];
  /** What of it is wanted, as a pcap filter. */
  readonly wanted: string;
}

/** The port of the network in which the lab's packets travel where the addresses are held inside the nodes (RFC 7348). */
const vxlanPort = 4789;

/**
 * The pcap filter (pcap-filter(7)) with which each packet is taken once, though several nodes capture: what a node
 * sends, and what it gets from anybody who isn't one of them. On a node's own loopback libpcap itself leaves out what
 * is sent, so there it is what comes in.
 */
export function captureExpression({ nodes, carriers, wanted }: CaptureFilter): string {
  const own = nodes.map((address) => `src host ${address}`).join(" or ");
  const toItself = nodes.map((address) => `src and dst host ${address}`);
  const once = `(${["outbound", `not (${own})`, ...toItself].join(" or ")})`;
  const carrier = [`udp port ${vxlanPort}`, "igmp", ...carriers.map((range) => `arp net ${range}`)];
  const noise = ["ip6 multicast", ...(carriers.length === 0 ? [] : carrier)];
  return `${once} and not (${noise.join(" or ")}) and (${wanted})`;
}

/**
 * Whether a packet of those that the filter lets pass is to be kept: a stranger's call to everybody comes in at each
 * node, and counts at one of them.
 */
export function isKept(packet: Buffer, isFirstNode: boolean): boolean {
  const way = packetWay(packet);
  return way !== "to-somebody-else" && (way !== "to-everybody" || isFirstNode);
}
