/** What an engine says of a container's memory: its control group's own counters. */
export interface MemoryCounters {
  /** Everything that is charged to the group, in bytes. */
  readonly usage?: number;
  /** The kernel's detailed counters; `total_inactive_file` with cgroup v1, `inactive_file` with v2. */
  readonly stats?: Readonly<Record<string, number>>;
}

/** What is in use: the total less the file cache that nobody uses, as `docker stats` shows it. Bytes. */
export function memoryInUse({ usage = 0, stats = {} }: MemoryCounters): number {
  const cacheBytes = stats["total_inactive_file"] ?? stats["inactive_file"] ?? 0;
  return cacheBytes < usage ? usage - cacheBytes : usage;
}
