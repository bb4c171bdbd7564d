import { planTopology, type Topology } from "../../src/model/topology.ts";
import { dnsFiles } from "../../src/model/zone.ts";
import { configWith } from "../support/default-config.ts";
import type { CarrierNetwork } from "./carrier-network.ts";
import { startNode, type StartedNode } from "./started-node.ts";

/** The default lab, whose DNS server these tests start. */
const topology: Topology = planTopology(configWith());

/** Starts the default lab's DNS server with the files that the program gives it. */
export async function startDns(image: string, network: CarrierNetwork, isOpen = false): Promise<StartedNode> {
  const files = dnsFiles(topology, isOpen).map(
    ({ path, content }) => [path, { content, mode: 0o644 }] as const,
  );
  return await startNode({
    ...{ image, network, hostname: "dns", address: topology.dns.address, hasSystemd: false },
    ...{ files: Object.fromEntries(files), ports: ["53/udp", "53/tcp"] },
    ...(isOpen ? { environment: { MAIL_LAB_UPSTREAM: "yes" } } : {}),
  });
}
