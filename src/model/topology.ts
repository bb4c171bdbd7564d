import { addressAt, parseCidr, parseIpv4 } from "./ipv4.ts";
import { LabError } from "./lab-error.ts";
import type { HostConfig, HostPorts, LabConfig } from "./lab-config.ts";

/** A mail host as it stands in the lab: what the configuration says, and what follows from it. */
export interface MailHostPlan {
  /** The node's name, `host1`. */
  readonly name: string;
  /** The machine's own name as the textbook's prompt shows it, `host1example1test`. */
  readonly hostname: string;
  /** The mail domain, `example1.test`. */
  readonly domain: string;
  /** The MTA's name in DNS and in SMTP, `mail.example1.test`. */
  readonly mailName: string;
  readonly address: string;
  /** The accounts that receive mail. */
  readonly users: readonly string[];
  readonly ports: HostPorts;
}

/** The DNS server. */
interface DnsPlan {
  readonly name: "dns";
  readonly address: string;
  /** The port, UDP and TCP, where the machine reaches it on the loopback. */
  readonly port: number;
}

/** The lab as data: every node with its addresses and ports. */
export interface Topology {
  readonly subnet: string;
  readonly prefixLength: number;
  /** The machine's own address on the lab's network. */
  readonly gateway: string;
  readonly dns: DnsPlan;
  readonly hosts: readonly MailHostPlan[];
}

/** Number of the gateway in the subnet. */
const gatewayIndex = 1;
/** Number of the DNS server in the subnet: the textbook's 192.168.1.11. */
const dnsIndex = 11;

/** Ports inside the lab that are published, by service. */
export const servicePorts = { ssh: 22, smtp: 25, dns: 53, pop3: 110, imap: 143 } as const;

/**
 * The loopback port of a service where the configuration gives none: the service's port followed by the last
 * octet of the node's address, so that 192.168.1.12's ssh is 2212 and its IMAP 14312.
 */
function defaultPort(service: keyof typeof servicePorts, address: string): number {
  return servicePorts[service] * 100 + (lastOctet(address) % 100);
}

function lastOctet(address: string): number {
  return (parseIpv4(address) ?? 0) % 256;
}

/** The ports of a host where the configuration gives none. */
export function defaultHostPorts(address: string): HostPorts {
  return {
    ssh: defaultPort("ssh", address),
    smtp: defaultPort("smtp", address),
    pop3: defaultPort("pop3", address),
    imap: defaultPort("imap", address),
  };
}

/** The DNS server's port where the configuration gives none. */
export function defaultDnsPort(subnet: string): number {
  return defaultPort("dns", dnsAddress(subnet));
}

/** The DNS server's address in the subnet. */
function dnsAddress(subnet: string): string {
  return addressAt(networkOf(subnet), dnsIndex);
}

/** The name that the textbook gives a machine: node name and domain without the dots. */
function hostnameOf(host: HostConfig): string {
  return `${host.name}${host.domain.replaceAll(".", "")}`;
}

function networkOf(subnet: string): { base: number; prefixLength: number } {
  const network = parseCidr(subnet);
  if (network === undefined)
    throw new LabError("LAB_CONFIG", {
      en: `subnet: ${subnet} is no IPv4 network.`,
      ja: `subnet: ${subnet} はIPv4ネットワークではありません。`,
    });
  return network;
}

/** Works out every node of the lab from its configuration. */
export function planTopology(config: LabConfig): Topology {
  const network = networkOf(config.subnet);
  return {
    subnet: config.subnet,
    prefixLength: network.prefixLength,
    gateway: addressAt(network, gatewayIndex),
    dns: {
      name: "dns",
      address: dnsAddress(config.subnet),
      port: config.publish.dns ?? defaultDnsPort(config.subnet),
    },
    hosts: config.hosts.map((host) => ({
      name: host.name,
      hostname: hostnameOf(host),
      domain: host.domain,
      mailName: `mail.${host.domain}`,
      address: host.address,
      users: host.users,
      ports: config.publish.hosts?.[host.name] ?? defaultHostPorts(host.address),
    })),
  };
}
