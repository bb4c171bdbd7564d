import { readFile, readdir, statfs } from "node:fs/promises";
import { createServer } from "node:net";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { formatIpv4, overlaps, parseCidr, parseIpv4, type Ipv4Network } from "../../model/ipv4.ts";

/** The file behind `fs.inotify.max_user_instances`. */
export const inotifyFile = "/proc/sys/fs/inotify/max_user_instances";

async function readText(path: string): Promise<string | undefined> {
  return readFile(path, "utf8").catch(() => undefined);
}

/** The limit of inotify instances for one user; `undefined` where the machine has none. */
export async function readInotifyInstances(): Promise<number | undefined> {
  const text = await readText(inotifyFile);
  return text === undefined ? undefined : Number(text);
}

/** Memory that a program could still get, in bytes; `undefined` where the machine is no Linux. */
export async function readFreeMemory(): Promise<number | undefined> {
  const kibibytes = /^MemAvailable:\s+(\d+) kB$/m.exec((await readText("/proc/meminfo")) ?? "")?.[1];
  return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
}

/** Free space where Docker keeps its images, or where that can't be seen, on the root. */
export async function readDisk(): Promise<{ path: string; freeBytes: number } | undefined> {
  for (const path of ["/var/lib/docker", "/"]) {
    const space = await statfs(path).catch(() => undefined);
    if (space !== undefined) return { path, freeBytes: space.bavail * space.bsize };
  }
  return undefined;
}

/** What the running kernel says of itself. */
export interface KernelTraces {
  /** `/sys/module`: what is loaded, or built in and has parameters. */
  readonly loaded: readonly string[];
  /** The kernel's configuration; `undefined` where it is not shown. */
  readonly config: string | undefined;
  /** What could be loaded: `modules.dep` and `modules.builtin`; `undefined` where there is no such list. */
  readonly loadable: string | undefined;
}

/** Reads what there is of a kernel's traces, and changes nothing. */
export async function readKernelTraces(release: string): Promise<KernelTraces> {
  const loaded = await readdir("/sys/module").catch(() => []);
  const packed = await readFile("/proc/config.gz").catch(() => undefined);
  const config =
    packed === undefined
      ? await readText(`/boot/config-${release}`)
      : (await promisify(gunzip)(packed)).toString("utf8");
  const lists = await Promise.all(
    ["modules.dep", "modules.builtin"].map((name) => readText(`/lib/modules/${release}/${name}`)),
  );
  const known = lists.filter((list) => list !== undefined);
  return { loaded, config, loadable: known.length === 0 ? undefined : known.join("\n") };
}

/** Whether the kernel has a part: loaded, built in, or there to be loaded; `undefined` where it does not say. */
export function hasKernelPart(
  { loaded, config, loadable }: KernelTraces,
  module: string,
  option: string,
): boolean | undefined {
  if (loaded.includes(module)) return true;
  if (loadable?.split("\n").some((line) => line.split(":")[0]?.includes(`/${module}.ko`))) return true;
  const set = new RegExp(`^${option}=([ym])$`, "m").exec(config ?? "")?.[1];
  if (set === "y") return true;
  // A module that the configuration speaks of and no list has is not on this machine.
  if (set === "m") return loadable === undefined ? undefined : false;
  return config === undefined && loadable === undefined
    ? undefined
    : config === undefined
      ? undefined
      : false;
}

/** A range that is taken, and by what. */
export interface TakenRange {
  readonly cidr: string;
  readonly holder: string;
}

/** The IPv4 ranges of this machine's interfaces and routes. */
export async function readTakenRanges(): Promise<readonly TakenRange[]> {
  const interfaces = Object.entries(networkInterfaces()).flatMap(([name, addresses = []]) =>
    addresses.flatMap(({ family, cidr }) =>
      family === "IPv4" && cidr !== null ? [{ cidr, holder: `interface ${name}` }] : [],
    ),
  );
  return [...interfaces, ...parseRoutes((await readText("/proc/net/route")) ?? "")];
}

/** The ranges of the kernel's route table `/proc/net/route`, but the default route. */
export function parseRoutes(table: string): readonly TakenRange[] {
  return table
    .split("\n")
    .slice(1)
    .map((line) => line.split("\t"))
    .flatMap(([device = "", destination = "", , , , , , mask = ""]) => {
      if (!/^[0-9A-F]{8}$/.test(destination) || !/^[0-9A-F]{8}$/.test(mask) || mask === "00000000") return [];
      const littleEndian = (hex: string): number => Buffer.from(hex, "hex").readUInt32LE();
      const ones = littleEndian(mask).toString(2).replaceAll("0", "").length;
      return [{ cidr: `${formatIpv4(littleEndian(destination))}/${ones}`, holder: `route by ${device}` }];
    });
}

/** What holds a part of the range, each holder once. */
export function holdersWithin(subnet: string, ranges: readonly TakenRange[]): readonly string[] {
  const wanted = parseCidr(subnet);
  if (wanted === undefined) return [];
  const holding = ranges.filter(({ cidr }) => {
    const range = networkOf(cidr);
    return range !== undefined && overlaps(range, wanted);
  });
  return [...new Set(holding.map(({ holder }) => holder))];
}

/** The network of an address with its prefix length, host bits set or not. */
function networkOf(cidr: string): Ipv4Network | undefined {
  const [address = "", prefix = ""] = cidr.split("/");
  const number = parseIpv4(address);
  if (number === undefined) return undefined;
  const size = 2 ** (32 - Number(prefix));
  return { base: Math.floor(number / size) * size, prefixLength: Number(prefix) };
}

/** Those of the ports that are taken on the loopback. */
export async function takenAmong(ports: readonly number[]): Promise<readonly number[]> {
  const taken = await Promise.all(ports.map(isTaken));
  return ports.filter((_, index) => taken[index]);
}

async function isTaken(port: number): Promise<boolean> {
  const server = createServer();
  const { promise, resolve } = Promise.withResolvers<boolean>();
  server.once("error", () => {
    resolve(true);
  });
  server.listen({ port, host: "127.0.0.1", exclusive: true }, () => {
    server.close(() => {
      resolve(false);
    });
  });
  return promise;
}

/** The owners that a folder of Pulumi's state files speaks of; none where there is no such folder. */
export async function readOwners(stateFolder: string): Promise<ReadonlySet<string>> {
  const folder = join(stateFolder, ".pulumi", "stacks");
  const files = await readdir(folder, { recursive: true }).catch(() => []);
  const texts = await Promise.all(
    files.filter((name) => name.endsWith(".json")).map((name) => readText(join(folder, name))),
  );
  return new Set(texts.flatMap((text) => ownersIn(text ?? "")));
}

/** The owners in the labels of a state's resources. */
export function ownersIn(state: string): readonly string[] {
  const pattern = /"label":\s*"mail-lab\.owner",\s*"value":\s*"([0-9a-f]+)"/g;
  return [...state.matchAll(pattern)].map(([, owner = ""]) => owner);
}
