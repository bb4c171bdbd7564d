import { readFile, readdir, statfs } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";

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
