import type { CrossRule } from "./config-rules.ts";
import { contains, parseCidr, parseIpv4, type Ipv4Network } from "./ipv4.ts";
import type { Text } from "./text.ts";

/** Every address of the machine, for who listens (RFC 1122, section 3.2.1.3). */
export const anyAddress = "0.0.0.0";

/** The machine's address where all of a lab's ports are published. */
export const loopbackAddress = "127.0.0.1";

/** The machine's addresses where ssh is published: the loopback, and what the configuration's `listen` adds to it. */
export function sshAddresses(listen: string): readonly string[] {
  if (listen === anyAddress) return [anyAddress];
  return listen === "" ? [loopbackAddress] : [loopbackAddress, listen];
}

/** Addresses that no machine can listen on, and what they are (RFC 6890; RFC 5771). */
const nobodys: readonly (readonly [network: string, kind: Text])[] = [
  ["0.0.0.0/8", { en: "no machine's address", ja: "どのマシンのアドレスでもありません" }],
  ["224.0.0.0/4", { en: "a multicast address", ja: "マルチキャストアドレスです" }],
  ["240.0.0.0/4", { en: "a reserved address", ja: "予約済みのアドレスです" }],
];

const loopbackNetwork = "127.0.0.0/8";

function lies(address: string, cidr: string): boolean {
  const network: Ipv4Network | undefined = parseCidr(cidr);
  return network !== undefined && contains(network, parseIpv4(address) ?? -1);
}

/** Where ssh may be published besides the loopback, as far as it needs no look at the machine. */
export const listenRules: readonly CrossRule[] = [
  ({ listen }) =>
    lies(listen, loopbackNetwork)
      ? {
          en: `listen: ${listen} is the loopback, where ssh is published anyway; name an address that others reach`,
          ja: `listen: ${listen} はループバックで、sshはそこには必ず公開されます。ほかのマシンから届くアドレスにしてください`,
        }
      : undefined,
  ({ listen }) => {
    if (listen === anyAddress) return undefined;
    const kind = nobodys.find(([network]) => lies(listen, network))?.[1];
    return (
      kind && {
        en: `listen: ${listen} is ${kind.en}; it must be one of this machine's, or ${anyAddress} for all of them`,
        ja: `listen: ${listen} は${kind.ja}。このマシンのアドレスか、すべてを表す ${anyAddress} にしてください`,
      }
    );
  },
  // Where the addresses are still to be chosen, the machine's own LAN may have the textbook's range: they are inside then.
  ({ addressing, subnet, listen }, { mayLackCarrier = false }) =>
    addressing === "docker" && !mayLackCarrier && lies(listen, subnet)
      ? {
          en: `listen: ${listen} lies in the lab's own network ${subnet}, which nobody outside reaches`,
          ja: `listen: ${listen} はラボ自身のネットワーク ${subnet} の中にあり、外からは届きません`,
        }
      : undefined,
  ({ carrierSubnet, listen }) =>
    carrierSubnet !== "" && lies(listen, carrierSubnet)
      ? {
          en: `listen: ${listen} lies in the lab's carrier network ${carrierSubnet}, which nobody outside reaches`,
          ja: `listen: ${listen} はラボの土台のネットワーク ${carrierSubnet} の中にあり、外からは届きません`,
        }
      : undefined,
];
