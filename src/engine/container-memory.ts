import { listContainers } from "./lab-objects.ts";
import { askEngine } from "./docker-engine.ts";

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

/** The memory in use of all running containers whose labels say so, in bytes. */
export async function readMemoryInUse(host: string, label: string, value: string): Promise<number> {
  const containers = (await listContainers(host)).filter(
    ({ labels, state }) => labels[label] === value && state === "running",
  );
  const memories = await Promise.all(
    containers.map(({ id }) =>
      askEngine(host, async (docker) => {
        const stats = await docker.getContainer(id).stats({ stream: false, "one-shot": true });
        return memoryInUse(stats.memory_stats);
      }),
    ),
  );
  return memories.reduce((sum, bytes) => sum + bytes, 0);
}
