import { readFile } from "node:fs/promises";
import { networkInterfaces } from "node:os";
import { listNetworks } from "../../engine/lab-objects.ts";
import { addressAt, formatIpv4, overlaps, parseCidr, parseIpv4, type Ipv4Network } from "../../model/ipv4.ts";
import type { Addressing, HostPorts, LabConfig } from "../../model/lab-config.ts";
import { LabError } from "../../model/lab-error.ts";
import type { Text } from "../../model/text.ts";
import { defaultPorts, deskPort, portsIn, type PublishedPorts } from "../../model/topology.ts";
import { isPortFree, isSshPortFree } from "./free-ports.ts";
import { engineOf, type EngineReach, type LabContext } from "../lab-context.ts";

/** A range that something on this machine uses already, and what uses it. */
export interface OccupiedRange {
  readonly network: Ipv4Network;
  readonly holder: Text;
}

/** Carrier networks are taken from here: a /24 a lab, rarely met in homes and schools. */
const carrierPool = { base: "10.213.0.0/16", prefixLength: 24, count: 256 } as const;

/** Step between one lab's ports and the next one's: more than a lab has hosts. */
const portStep = 20;
const maxPortTries = 400;
/** Of the ports that a desk may come to, those that no browser opens (Fetch standard, section 2.9, port blocking). */
const closedToBrowsers: ReadonlySet<number> = new Set([10_080]);

/**
 * Every IPv4 range that is in use on the engine's machine.
 *
 * @param engine - the engine whose networks count too; `undefined` where none answers.
 * @param reach - the way to its machine, where that is another one.
 */
export async function occupiedRanges(
  engine: string | undefined,
  reach?: EngineReach,
): Promise<readonly OccupiedRange[]> {
  const networks = engine === undefined ? [] : await listNetworks(engine);
  const docker = networks.flatMap(({ name, subnets }) =>
    subnets.flatMap((subnet) =>
      asRange(subnet, { en: `the Docker network ${name}`, ja: `Dockerネットワーク ${name}` }),
    ),
  );
  // On another machine its own networks count, and not this one's.
  if (reach !== undefined) return [...docker, ...parseRoutes((await reach.look()).routes)];
  const interfaces = Object.entries(networkInterfaces()).flatMap(([name, addresses]) =>
    (addresses ?? []).flatMap(({ family, cidr }) =>
      family === "IPv4" && cidr !== null
        ? asRange(maskHostBits(cidr), { en: `the interface ${name}`, ja: `インターフェース ${name}` })
        : [],
    ),
  );
  // None where the machine is no Linux.
  const table = await readFile("/proc/net/route", "utf8").catch(() => "");
  return [...docker, ...interfaces, ...parseRoutes(table)];
}

function asRange(subnet: string, holder: Text): readonly OccupiedRange[] {
  const network = parseCidr(subnet);
  return network === undefined ? [] : [{ network, holder }];
}

function maskHostBits(cidr: string): string {
  const [address = "", prefix = "32"] = cidr.split("/");
  const size = 2 ** (32 - Number(prefix));
  return `${formatIpv4(Math.floor((parseIpv4(address) ?? 0) / size) * size)}/${prefix}`;
}

/** The ranges of the kernel's route table `/proc/net/route`, but the default route. */
export function parseRoutes(table: string): readonly OccupiedRange[] {
  const littleEndian = (hex: string): number => Buffer.from(hex, "hex").readUInt32LE();
  return table
    .split("\n")
    .slice(1)
    .map((line) => line.split("\t"))
    .flatMap(([device = "", destination = "", , , , , , mask = ""]) => {
      if (!/^[0-9A-F]{8}$/.test(destination) || !/^[0-9A-F]{8}$/.test(mask) || mask === "00000000") return [];
      const prefixLength = littleEndian(mask).toString(2).replaceAll("0", "").length;
      return [
        {
          network: { base: littleEndian(destination), prefixLength },
          holder: { en: `a route by ${device}`, ja: `${device} の経路` },
        },
      ];
    });
}

/** What holds a part of the range, each holder once. */
export function holdersWithin(range: string, occupied: readonly OccupiedRange[]): readonly Text[] {
  const network = parseCidr(range);
  const holding = occupied.filter((other) => network !== undefined && overlaps(other.network, network));
  return [...new Map(holding.map(({ holder }) => [holder.en, holder])).values()];
}

/** What on this machine uses a part of a range; absent where all of it is free. */
export async function holderOfRange(context: LabContext, range: string): Promise<Text | undefined> {
  return holderAmong(await occupiedRanges(engineOf(context), context.reach), range);
}

function holderAmong(occupied: readonly OccupiedRange[], range: string): Text | undefined {
  return holdersWithin(range, occupied)[0];
}

/** Who holds the lab's addresses, and why. */
export interface AddressingChoice {
  readonly addressing: Addressing;
  readonly carrierSubnet: string;
  /** What holds the textbook's range already; absent where it is free, or the user decided. */
  readonly holder?: Text;
}

/**
 * Chooses who holds the addresses: a Docker network where the range is free on this machine, else the containers.
 *
 * @param wanted - what the user decided; then only the carrier network is chosen.
 * @param promised - ranges that others were given and that nothing uses yet.
 * @throws LabError `LAB_NO_CARRIER` where no range is left for a carrier network.
 */
export async function chooseAddressing(
  context: LabContext,
  subnet: string,
  wanted: Addressing | undefined,
  promised: readonly OccupiedRange[] = [],
): Promise<AddressingChoice> {
  return addressingAmong(
    [...(await occupiedRanges(engineOf(context), context.reach)), ...promised],
    subnet,
    wanted,
  );
}

/** The same, told what is occupied. */
export function addressingAmong(
  occupied: readonly OccupiedRange[],
  subnet: string,
  wanted: Addressing | undefined,
): AddressingChoice {
  const lan = parseCidr(subnet);
  const isFree = (cidr: string): boolean => {
    const network = parseCidr(cidr);
    return holderAmong(occupied, cidr) === undefined && !(lan && network && overlaps(lan, network));
  };
  const holder = wanted === undefined ? holderAmong(occupied, subnet) : undefined;
  const addressing = wanted ?? (holder === undefined ? "docker" : "inside");
  if (addressing === "docker") return { addressing, carrierSubnet: "" };
  const pool = parseCidr(carrierPool.base);
  const size = 2 ** (32 - carrierPool.prefixLength);
  const candidates = Array.from({ length: carrierPool.count }, (_, index) =>
    pool === undefined ? "" : `${addressAt(pool, index * size)}/${carrierPool.prefixLength}`,
  );
  const carrierSubnet = candidates.find(isFree);
  if (carrierSubnet === undefined) {
    throw new LabError(
      "LAB_NO_CARRIER",
      {
        en: `Every network of ${carrierPool.base} is in use; there is none left for this lab.`,
        ja: `${carrierPool.base}のネットワークがすべて使われていて、このラボの分がありません。`,
      },
      { hint: { en: "docker network ls", ja: "docker network ls" } },
    );
  }
  return { addressing, carrierSubnet, ...(holder === undefined ? {} : { holder }) };
}

/**
 * Chooses ports that are free on this machine: the default ones, else the same ones further up.
 *
 * @param reserved - ports that nobody listens on and that are somebody's all the same: a stopped lab's.
 * @throws LabError `LAB_NO_PORTS`.
 */
export async function choosePorts(
  config: LabConfig,
  reserved: ReadonlySet<number> = new Set(),
): Promise<PublishedPorts> {
  for (let attempt = 0; attempt < maxPortTries; attempt += 1) {
    const ports = portsAt(config, attempt * portStep);
    const all = portsIn(ports);
    if (all.some((port) => reserved.has(port))) continue;
    if (ports.desk !== undefined && closedToBrowsers.has(ports.desk)) continue;
    const sshPorts = new Set(Object.values(ports.hosts).map(({ ssh }) => ssh));
    const free = await Promise.all(
      all.map((port) =>
        sshPorts.has(port) ? isSshPortFree(port, config.listen) : isPortFree(port, port === ports.dns),
      ),
    );
    if (free.every(Boolean) && new Set(all).size === all.length) return ports;
  }
  throw noPorts();
}

function noPorts(): LabError {
  return new LabError(
    "LAB_NO_PORTS",
    {
      en: "No free set of ports was found on 127.0.0.1.",
      ja: "127.0.0.1に空いているポートの組がありません。",
    },
    { hint: { en: "ss -tln", ja: "ss -tln" } },
  );
}

function portsAt(config: LabConfig, offset: number): PublishedPorts {
  const move = (ports: HostPorts): HostPorts => ({
    ssh: ports.ssh + offset,
    smtp: ports.smtp + offset,
    pop3: ports.pop3 + offset,
    imap: ports.imap + offset,
  });
  const { dns, hosts, desk } = defaultPorts(config);
  return {
    dns: dns + offset,
    hosts: Object.fromEntries(Object.entries(hosts).map(([name, ports]) => [name, move(ports)])),
    ...(desk === undefined ? {} : { desk: desk + offset }),
  };
}

/**
 * Chooses a port that is free on this machine for the desk of a lab whose other ports stand.
 *
 * @param reserved - ports that nobody listens on and that are somebody's all the same: a stopped lab's.
 * @throws LabError `LAB_NO_PORTS`.
 */
export async function chooseDeskPort(reserved: ReadonlySet<number>): Promise<number> {
  for (let attempt = 0; attempt < maxPortTries; attempt += 1) {
    const port = deskPort + attempt * portStep;
    if (!reserved.has(port) && !closedToBrowsers.has(port) && (await isPortFree(port))) return port;
  }
  throw noPorts();
}
