import { addressAt, parseCidr, parseIpv4 } from "./ipv4.ts";
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

/** The desk: a small desktop with Thunderbird, seen in the browser. */
export interface DeskPlan {
  readonly name: typeof deskName;
  readonly address: string;
  /** The port where the machine's browser reaches it on the loopback. */
  readonly port: number;
  readonly language: "ja" | "en";
}

/** The lab as data: every node with its addresses and ports. */
export interface Topology {
  readonly subnet: string;
  readonly prefixLength: number;
  /** The machine's own address on the lab's network. */
  readonly gateway: string;
  readonly dns: DnsPlan;
  readonly hosts: readonly MailHostPlan[];
  /** Absent where the lab has none. */
  readonly desk?: DeskPlan;
}

/** The desk's name among the nodes. */
export const deskName = "desk";

/** Number of the gateway in the subnet. */
export const gatewayIndex = 1;
/** Number of the DNS server in the subnet: the textbook's 192.168.1.11. */
export const dnsIndex = 11;

/** Number of the desk in the subnet: the textbook's host PC, 192.168.1.122. */
export const deskIndex = 122;

/** Ports inside the lab that are published, by service. */
export const servicePorts = { ssh: 22, smtp: 25, dns: 53, pop3: 110, imap: 143 } as const;
/** The desk's port inside the lab, noVNC's usual one; where nothing else is there, the machine's too. */
export const deskPort = 6080;

/** Ports on the loopback, by node. */
export interface PublishedPorts {
  readonly dns: number;
  /** Host name to its ports. */
  readonly hosts: Readonly<Record<string, HostPorts>>;
  /** Absent where the lab has no desk. */
  readonly desk?: number;
}

/** All of a lab's ports on the loopback. */
export function portsIn({ dns, hosts, desk }: PublishedPorts): readonly number[] {
  const ofHosts = Object.values(hosts).flatMap((ports) => Object.values(ports));
  return [dns, ...ofHosts, ...(desk === undefined ? [] : [desk])];
}

/** The loopback port of a service where the configuration gives none: the service's port followed by two digits. */
function defaultPort(service: keyof typeof servicePorts, digits: number): number {
  return servicePorts[service] * 100 + digits;
}

/** The last two digits of an address's last octet: 12 for 192.168.1.12, and for 192.168.1.112 too. */
function lastDigits(address: string): number {
  return ((parseIpv4(address) ?? 0) % 256) % 100;
}

/**
 * Each host with its ports where the configuration gives none. The two digits are the address's last ones, so that
 * 192.168.1.12's ssh is 2212 and its IMAP 14312; where two hosts would share them, every host's are its number in
 * the list.
 */
function withDefaultPorts(hosts: readonly HostConfig[]): readonly (readonly [HostConfig, HostPorts])[] {
  const areDistinct = new Set(hosts.map(({ address }) => lastDigits(address))).size === hosts.length;
  return hosts.map((host, index) => {
    const digits = areDistinct ? lastDigits(host.address) : index + 1;
    const ports = {
      ssh: defaultPort("ssh", digits),
      smtp: defaultPort("smtp", digits),
      pop3: defaultPort("pop3", digits),
      imap: defaultPort("imap", digits),
    };
    return [host, ports];
  });
}

/** The ports where the configuration gives none, in the form of its key `publish`. */
export function defaultPorts({
  subnet,
  hosts,
  desk,
}: Pick<LabConfig, "subnet" | "hosts" | "desk">): PublishedPorts {
  return {
    dns: defaultPort("dns", lastDigits(dnsAddress(subnet))),
    hosts: Object.fromEntries(withDefaultPorts(hosts).map(([{ name }, ports]) => [name, ports])),
    ...(desk === "" ? {} : { desk: deskPort }),
  };
}

/** The DNS server's address in the subnet. */
function dnsAddress(subnet: string): string {
  return addressAt(networkOf(subnet), dnsIndex);
}

/** The name that the textbook gives a machine: node name and domain without the dots. */
export function hostnameOf(host: HostConfig): string {
  return `${host.name}${host.domain.replaceAll(".", "")}`;
}

function networkOf(subnet: string): { base: number; prefixLength: number } {
  const network = parseCidr(subnet);
  if (network === undefined) throw new Error(`${subnet} has passed its check and is no network`);
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
      port: config.publish.dns ?? defaultPorts(config).dns,
    },
    hosts: withDefaultPorts(config.hosts).map(([host, ports]) => ({
      name: host.name,
      hostname: hostnameOf(host),
      domain: host.domain,
      mailName: `mail.${host.domain}`,
      address: host.address,
      users: host.users,
      ports: config.publish.hosts?.[host.name] ?? ports,
    })),
    ...(config.desk === ""
      ? {}
      : {
          desk: {
            name: deskName,
            address: addressAt(network, deskIndex),
            port: config.publish.desk ?? deskPort,
            language: config.desk,
          },
        }),
  };
}
