import { networkInterfaces } from "node:os";
import { addressAt, contains, parseCidr, parseIpv4 } from "../../model/ipv4.ts";
import { gatewayIndex, servicePorts } from "../../model/topology.ts";
import type { StrangersWay } from "../../checks/observe-lab.ts";
import type { LabHost, LabOutputs } from "../stack/lab-outputs.ts";

/**
 * A way to a host's port 25 on which the client is a stranger to the lab.
 *
 * Where the addresses live inside, the published port is one: the client is then the carrier network's gateway. Where
 * a Docker network holds them, the published port's client is the lab's gateway, which is in `mynetworks`; the
 * stranger is then another address of the machine, one that the lab's guard knows, and the way the lab's own bridge.
 *
 * @returns `undefined` where this machine has no such way.
 */
export function strangersWay(
  { network, machine = [] }: Pick<LabOutputs, "network" | "machine">,
  host: Pick<LabHost, "address" | "ports">,
): StrangersWay | undefined {
  if (network.addressing === "inside") return { host: "127.0.0.1", port: host.ports.smtp };
  const lan = parseCidr(network.subnet);
  if (lan === undefined) return undefined;
  const own = Object.entries(networkInterfaces()).flatMap(([name, addresses = []]) =>
    addresses
      .filter(({ family, internal }) => family === "IPv4" && !internal)
      .map(({ address }) => ({ name, address })),
  );
  // The range may also be the machine's own LAN: only the bridge with the lab's gateway leads to the lab.
  const gateway = addressAt(lan, gatewayIndex);
  const isLabsBridge = own.some(({ name, address }) => name.startsWith("br-") && address === gateway);
  const stranger = own.find(
    ({ address }) =>
      !contains(lan, parseIpv4(address) ?? 0) && (machine.length === 0 || machine.includes(address)),
  );
  if (!isLabsBridge || stranger === undefined) return undefined;
  return { host: host.address, port: servicePorts.smtp, localAddress: stranger.address };
}
