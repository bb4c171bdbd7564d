import { readdirSync, readFileSync, readlinkSync, statSync } from "node:fs";
import { join } from "node:path";

/** The kernel's unit of processor time towards programs, on every architecture that Docker runs on. */
const ticksPerSecond = 100;
const bytesPerKibibyte = 1024;

/** Processor time that the machine has been busy since its boot, out of `/proc/stat`; seconds of all cores together. */
export function busySecondsIn(stat: string): number {
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = stat
    .slice(0, stat.indexOf("\n"))
    .trim()
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return (user + nice + system + irq + softirq + steal) / ticksPerSecond;
}

/** Processor time of a process and of those that it started and that have ended, out of `/proc/PID/stat`; seconds. */
export function cpuSecondsIn(stat: string): number {
  // The name before it is in parentheses and may have any character in it.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const firstField = 11;
  const [user, system, childrenUser, childrenSystem] = fields.slice(firstField).map(Number);
  return ((user ?? 0) + (system ?? 0) + (childrenUser ?? 0) + (childrenSystem ?? 0)) / ticksPerSecond;
}

/** A figure of `/proc/meminfo` or `/proc/PID/status`, in bytes; 0 where the text has no such line. */
export function bytesIn(text: string, name: string): number {
  const kibibytes = new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(text)?.[1];
  return Number(kibibytes ?? 0) * bytesPerKibibyte;
}

/** What the machine as a whole stands at. */
export interface MachineCounters {
  readonly busySeconds: number;
  /** What programs could still get without swapping, as the kernel estimates it. */
  readonly availableBytes: number;
  /** Inotify instances of user 0, to whom systemd in every container belongs; absent where they can't be seen. */
  readonly inotifyInstances: number | undefined;
}

/** Reads the counters of the Linux that this runs on. */
export function readMachineCounters(): MachineCounters {
  return {
    busySeconds: busySecondsIn(readFileSync("/proc/stat", "utf8")),
    availableBytes: bytesIn(readFileSync("/proc/meminfo", "utf8"), "MemAvailable"),
    // Only root may look at what other users' processes have open.
    inotifyInstances: process.getuid?.() === 0 ? countInotifyInstances() : undefined,
  };
}

/** The most inotify instances that one user may have, all containers together. */
export function readInotifyLimit(): number {
  return Number(readFileSync("/proc/sys/fs/inotify/max_user_instances", "utf8"));
}

function countInotifyInstances(): number {
  return processes()
    .filter((folder) => unlessGone(() => statSync(folder).uid) === 0)
    .flatMap((folder) => openFiles(folder))
    .filter((target) => target === "anon_inode:inotify").length;
}

function processes(): readonly string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((name) => join("/proc", name));
}

function openFiles(folder: string): readonly string[] {
  const descriptors = join(folder, "fd");
  return (unlessGone(() => readdirSync(descriptors)) ?? []).flatMap(
    (name) => unlessGone(() => readlinkSync(join(descriptors, name))) ?? [],
  );
}

/** A process may end while it is looked at. */
export function unlessGone<Found>(look: () => Found): Found | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}
