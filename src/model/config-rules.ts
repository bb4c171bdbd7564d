import {
  addressAt,
  addressCount,
  contains,
  overlaps,
  parseCidr,
  parseIpv4,
  type Ipv4Network,
} from "./ipv4.ts";
import type { HostConfig, LabConfig } from "./lab-config.ts";
import { listenRules } from "./listen-rules.ts";
import { isSystemAccount } from "./system-accounts.ts";
import type { Text } from "./text.ts";
import { deskIndex, deskName, dnsIndex, gatewayIndex, hostnameOf, planTopology } from "./topology.ts";

/** Which rules do not hold for a configuration that is only on its way, or older than its hosts. */
export interface RuleLeniency {
  /** The carrier network may still be to be chosen. */
  readonly mayLackCarrier?: boolean;
  /** Ports may be left over from a host that was taken out. */
  readonly mayPublishUnknownHosts?: boolean;
}

/** A rule that spans fields: what is wrong, or `undefined` where it holds. */
export type CrossRule = (config: LabConfig, leniency: RuleLeniency) => Text | undefined;

/** The smallest and the largest range that a lab fits into: the DNS server is the range's address 11. */
const longestPrefix = 28;
const shortestPrefix = 8;

/** What a machine's name, one label of DNS, may have at most (RFC 1035, section 2.3.4). */
const longestHostname = 63;

/** Addresses of a carrier network that no node gets: its own, its gateway's and the broadcast address. */
const carrierOverhead = 3;

/** The network of a CIDR text that has passed its own check. */
function networkOf(cidr: string): Ipv4Network {
  const network = parseCidr(cidr);
  if (network === undefined) throw new Error(`${cidr} has passed its check and is no network`);
  return network;
}

function duplicateOf(values: readonly string[]): string | undefined {
  return values.find((value, index) => values.indexOf(value) !== index);
}

/** No two hosts may share what `valueOf` gives. */
function distinct(field: Text, valueOf: (host: HostConfig) => string): CrossRule {
  return ({ hosts }) => {
    const twice = duplicateOf(hosts.map(valueOf));
    return twice === undefined
      ? undefined
      : {
          en: `hosts: two hosts have the ${field.en} ${twice}`,
          ja: `hosts: ${field.ja} ${twice} のホストが2台あります`,
        };
  };
}

/** What no machine of the Internet has for its own: private use (RFC 1918, section 3) and examples (RFC 5737). */
const unroutedRanges = [
  "10.0.0.0/8",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "192.0.2.0/24",
  "198.51.100.0/24",
  "203.0.113.0/24",
].map(networkOf);

/** The network must be nobody's on the Internet: with a public one the lab would shadow other people's machines. */
function isPrivate(field: "subnet" | "carrierSubnet"): CrossRule {
  return (config) => {
    const cidr = config[field];
    if (cidr === "") return undefined;
    const network = networkOf(cidr);
    const isInside = unroutedRanges.some(
      (range) => contains(range, network.base) && network.prefixLength >= range.prefixLength,
    );
    return isInside
      ? undefined
      : {
          en: `${field}: ${cidr} is public; it must lie in 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16`,
          ja: `${field}: ${cidr} はプライベートアドレスではありません。10.0.0.0/8、172.16.0.0/12、192.168.0.0/16の中にしてください`,
        };
  };
}

const networkRules: readonly CrossRule[] = [
  isPrivate("subnet"),
  isPrivate("carrierSubnet"),
  ({ subnet }) => {
    const { prefixLength } = networkOf(subnet);
    return prefixLength >= shortestPrefix && prefixLength <= longestPrefix
      ? undefined
      : {
          en: `subnet: ${subnet} must be from /${shortestPrefix} to /${longestPrefix}; the DNS server is its address ${dnsIndex}`,
          ja: `subnet: ${subnet} は/${shortestPrefix}から/${longestPrefix}までにしてください（DNSサーバーが${dnsIndex}番目のアドレスを使います）`,
        };
  },
  ({ addressing, carrierSubnet }, { mayLackCarrier = false }) =>
    addressing === "inside" && carrierSubnet === "" && !mayLackCarrier
      ? {
          en: "carrierSubnet: must name a network of its own where addressing is inside",
          ja: "carrierSubnet: addressingがinsideのときは専用のネットワークを指定してください",
        }
      : undefined,
  ({ addressing, carrierSubnet, subnet }) =>
    addressing === "inside" && carrierSubnet !== "" && overlaps(networkOf(carrierSubnet), networkOf(subnet))
      ? {
          en: `carrierSubnet: ${carrierSubnet} must not overlap the subnet ${subnet}`,
          ja: `carrierSubnet: ${carrierSubnet} がsubnet ${subnet} と重なっています`,
        }
      : undefined,
  ({ addressing, carrierSubnet, hosts, desk }) => {
    const nodes = hosts.length + 1 + (desk === "" ? 0 : 1);
    return addressing === "inside" &&
      carrierSubnet !== "" &&
      addressCount(networkOf(carrierSubnet)) < nodes + carrierOverhead
      ? {
          en: `carrierSubnet: ${carrierSubnet} has no room for ${nodes} nodes`,
          ja: `carrierSubnet: ${carrierSubnet} には${nodes}台分のアドレスがありません`,
        }
      : undefined;
  },
  ({ subnet, desk }) =>
    desk !== "" && addressCount(networkOf(subnet)) - 1 <= deskIndex
      ? {
          en: `desk: the desk is the subnet's address ${deskIndex}, which ${subnet} has not; /25 has`,
          ja: `desk: デスクはsubnetの${deskIndex}番目のアドレスを使いますが、${subnet} にはありません（/25ならあります）`,
        }
      : undefined,
];

const addressRules: readonly CrossRule[] = [
  ({ hosts, subnet }) => {
    const network = networkOf(subnet);
    const outside = hosts.find((host) => !contains(network, parseIpv4(host.address) ?? -1));
    return (
      outside && {
        en: `hosts: the address ${outside.address} of ${outside.name} is not in the subnet ${subnet}`,
        ja: `hosts: ${outside.name}のアドレス ${outside.address} はsubnet ${subnet} の中にありません`,
      }
    );
  },
  ({ hosts, subnet, desk }) => {
    const network = networkOf(subnet);
    const holders: Readonly<Record<string, Text>> = {
      [addressAt(network, 0)]: { en: "the network itself", ja: "ネットワーク自身" },
      [addressAt(network, gatewayIndex)]: { en: "the gateway", ja: "ゲートウェイ" },
      [addressAt(network, dnsIndex)]: { en: "the DNS server", ja: "DNSサーバー" },
      [addressAt(network, addressCount(network) - 1)]: { en: "broadcasts", ja: "ブロードキャスト" },
      ...(desk === "" ? {} : { [addressAt(network, deskIndex)]: { en: "the desk", ja: "デスク" } }),
    };
    const clash = hosts.find((host) => host.address in holders);
    const holder = clash && holders[clash.address];
    return (
      holder && {
        en: `hosts: the address ${clash.address} of ${clash.name} belongs to ${holder.en}`,
        ja: `hosts: ${clash.name}のアドレス ${clash.address} は${holder.ja}のものです`,
      }
    );
  },
  distinct({ en: "address", ja: "アドレス" }, (host) => host.address),
];

const nameRules: readonly CrossRule[] = [
  distinct({ en: "name", ja: "名前" }, (host) => host.name),
  distinct({ en: "domain", ja: "ドメイン" }, (host) => host.domain),
  ({ hosts }) => {
    const reserved = hosts.find((host) => host.name === "dns" || host.name === deskName);
    return (
      reserved && {
        en: `hosts: the name ${reserved.name} belongs to another node of the lab`,
        ja: `hosts: ${reserved.name} という名前はラボの別のノードのものです`,
      }
    );
  },
  ({ hosts }) => {
    const long = hosts.find((host) => hostnameOf(host).length > longestHostname);
    return (
      long && {
        en: `hosts: the machine's name ${hostnameOf(long)}, made of name and domain, has more than ${longestHostname} characters`,
        ja: `hosts: nameとdomainをつないだホスト名 ${hostnameOf(long)} が${longestHostname}文字を超えています`,
      }
    );
  },
];

const userRules: readonly CrossRule[] = [
  ({ hosts }) => {
    for (const host of hosts) {
      const user = host.users.find(isSystemAccount);
      if (user === undefined) continue;
      return {
        en: `hosts: the user ${user} of ${host.name} is an account or a group of the system`,
        ja: `hosts: ${host.name}のユーザー ${user} はシステムのアカウントまたはグループです`,
      };
    }
    return undefined;
  },
  ({ hosts }) => {
    for (const host of hosts) {
      const user = duplicateOf(host.users);
      if (user === undefined) continue;
      return {
        en: `hosts: ${host.name} has the user ${user} twice`,
        ja: `hosts: ${host.name}にユーザー ${user} が2回書かれています`,
      };
    }
    return undefined;
  },
];

/**
 * What is said of single hosts must be said of hosts that there are.
 *
 * @param others - nodes of which it may be said as well, whether the lab has them or not.
 */
function namesHosts(field: "starts" | "stages" | "restored", others: readonly string[] = []): CrossRule {
  return (config) => {
    const names = config.hosts.map(({ name }) => name);
    const unknown = Object.keys(config[field]).find((name) => ![...names, ...others].includes(name));
    return unknown === undefined
      ? undefined
      : {
          en: `${field}: ${unknown} names no host of the lab; there are ${names.join(", ")}`,
          ja: `${field}: ${unknown} というホストはありません（あるのは ${names.join("、")}）`,
        };
  };
}

const hostNameRules: readonly CrossRule[] = [
  // The desk is created as the chapter's beginning or its end has it, too.
  namesHosts("starts", [deskName]),
  namesHosts("stages"),
  namesHosts("restored"),
];

const portRules: readonly CrossRule[] = [
  ({ hosts, publish }, { mayPublishUnknownHosts = false }) => {
    if (mayPublishUnknownHosts) return undefined;
    const names = hosts.map(({ name }) => name);
    const unknown = Object.keys(publish.hosts ?? {}).find((name) => !names.includes(name));
    return unknown === undefined
      ? undefined
      : {
          en: `publish: hosts.${unknown} names no host of the lab; there are ${names.join(", ")}`,
          ja: `publish: hosts.${unknown} というホストはありません（あるのは ${names.join("、")}）`,
        };
  },
  (config) => {
    const { dns, hosts, desk } = planTopology(config);
    const ports = [
      ["dns", dns.port] as const,
      ...(desk === undefined ? [] : [["desk", desk.port] as const]),
      ...hosts.flatMap((host) =>
        Object.entries(host.ports).map(([service, port]) => [`${host.name}.${service}`, port] as const),
      ),
    ];
    for (const [index, [name, port]] of ports.entries()) {
      const other = ports.slice(0, index).find(([, earlier]) => earlier === port);
      if (other === undefined) continue;
      return {
        en: `publish: ${other[0]} and ${name} have the same port ${port}`,
        ja: `publish: ${other[0]} と ${name} が同じポート ${port} です`,
      };
    }
    return undefined;
  },
];

const crossRules: readonly CrossRule[] = [
  ...networkRules,
  ...addressRules,
  ...nameRules,
  ...userRules,
  ...hostNameRules,
  ...portRules,
  ...listenRules,
];

/** What is wrong with a configuration whose fields are right each by itself. */
export function brokenRules(config: LabConfig, leniency: RuleLeniency): readonly Text[] {
  return crossRules.map((rule) => rule(config, leniency)).filter((failure) => failure !== undefined);
}
