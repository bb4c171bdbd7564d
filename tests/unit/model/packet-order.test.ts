import { describe, expect, it } from "vitest";
import {
  PacketOrder,
  captureExpression,
  isKept,
  type NodePacket,
} from "../../../src/model/capture/packet-order.ts";
import { cookedPacket } from "./cooked-packets.ts";

function packet(node: string, atNs: number, bytes = Buffer.from(node)): NodePacket {
  return { node, atNs: BigInt(atNs), bytes, wireBytes: bytes.length };
}

function nodes(packets: readonly NodePacket[]): readonly string[] {
  return packets.map(({ node, atNs }) => `${node}@${atNs}`);
}

describe("packets of several nodes", () => {
  it("come in order of time, also where a later one arrived before", () => {
    const order = new PacketOrder(300);
    order.add(packet("host1", 20), 1000);
    order.add(packet("host2", 10), 1200);
    expect(nodes(order.due(1299))).toEqual([]);
    expect(nodes(order.due(1300))).toEqual(["host2@10", "host1@20"]);
    order.add(packet("host1", 40), 1400);
    order.add(packet("dns", 50), 1650);
    expect(nodes(order.due(1700))).toEqual(["host1@40"]);
    expect(nodes(order.due(Infinity))).toEqual(["dns@50"]);
  });

  it("keep their places where two are of one moment", () => {
    const order = new PacketOrder(300);
    for (const node of ["a", "b", "c"]) order.add(packet(node, 7), 0);
    expect(nodes(order.due(Infinity))).toEqual(["a@7", "b@7", "c@7"]);
  });

  it("are not held without a bound", () => {
    const order = new PacketOrder(300);
    for (let at = 0; !order.isFull; at += 1) order.add(packet("a", at, Buffer.alloc(1024 * 1024)), 0);
    expect(order.due(1).length).toBeGreaterThan(50);
    expect(order.isFull).toBe(false);
  });
});

describe("what is captured", () => {
  const lab = { nodes: ["192.168.1.12", "192.168.1.13"], wanted: "tcp port 25" };

  it("is what a node sends, and what comes from anybody else", () => {
    expect(captureExpression({ ...lab, carriers: [] })).toBe(
      "(outbound or not (src host 192.168.1.12 or src host 192.168.1.13)" +
        " or src and dst host 192.168.1.12 or src and dst host 192.168.1.13)" +
        " and not (ip6 multicast) and (tcp port 25)",
    );
  });

  it("leaves out what carries the lab's own network", () => {
    expect(captureExpression({ ...lab, carriers: ["10.213.2.0/24"] })).toContain(
      " and not (ip6 multicast or udp port 4789 or igmp or arp net 10.213.2.0/24) and ",
    );
  });

  it("has a stranger's call to everybody once, and nothing that is for others", () => {
    const ends = {
      source: { address: "192.168.1.1", port: 1 },
      target: { address: "192.168.1.255", port: 1 },
    };
    const toAll = cookedPacket({ ...ends, way: "to-everybody" });
    expect([isKept(toAll, true), isKept(toAll, false)]).toEqual([true, false]);
    const kept = (["to-us", "from-us", "to-somebody-else"] as const).map((way) =>
      isKept(cookedPacket({ ...ends, way }), false),
    );
    expect(kept).toEqual([true, true, false]);
  });
});
