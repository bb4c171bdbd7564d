import { networkInterfaces } from "node:os";
import { addressAt, contains, parseCidr, parseIpv4 } from "../../src/model/ipv4.ts";
import { type HostUnderTest, LOOPBACK, labUnderTest } from "./lab-under-test.ts";

/** Where somebody outside the lab reaches a host's SMTP, and from which address of the machine. */
export interface StrangersWay {
  host: string;
  port: number;
  localAddress?: string;
}

/**
 * A way to a host on which the client is a stranger to the lab.
 *
 * Where the addresses live inside, the published port is one: the client is then the carrier network's gateway.
 * Where a Docker network holds them, the published port's client is the lab's gateway, which is in `mynetworks`;
 * the stranger is then another address of the machine, and the way the lab's own bridge.
 *
 * @returns `undefined` where this machine has no such way
 */
export function strangersWay(host: HostUnderTest): StrangersWay | undefined {
  const { addressing, subnet } = labUnderTest();
  if (addressing === "inside") return { host: LOOPBACK, port: host.ports.smtp };
  const lab = parseCidr(subnet);
  if (lab === undefined) throw new Error(`${subnet} is no network`);
  const own = Object.entries(networkInterfaces()).flatMap(([name, addresses = []]) =>
    addresses
      .filter(({ family, internal }) => family === "IPv4" && !internal)
      .map(({ address }) => ({ name, address })),
  );
  // the range may also be the machine's own LAN: only the bridge with the lab's gateway leads to the lab
  const gateway = addressAt(lab, 1);
  const isLabsBridge = own.some(({ name, address }) => name.startsWith("br-") && address === gateway);
  const stranger = own.find(({ address }) => !contains(lab, parseIpv4(address) ?? 0));
  if (!isLabsBridge || stranger === undefined) return undefined;
  return { host: host.address, port: 25, localAddress: stranger.address };
}
