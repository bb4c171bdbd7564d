import pLimit from "p-limit";
import { memoryInUse } from "./container-memory.ts";
import { askEngine, workDeadlineMs } from "./docker-engine.ts";
import { listContainers, type EngineContainer } from "./lab-objects.ts";

/** What containers use together. */
export interface ContainerUsage {
  readonly containers: number;
  /** As `docker stats` shows it. */
  readonly memoryBytes: number;
  /** Of the processors, by all their processes since they were started. */
  readonly cpuSeconds: number;
}

/** Questions at once: an engine that counts for sixty containers answers each of them late. */
const questionsAtOnce = 8;
const nanosecondsPerSecond = 1e9;

/** What the running containers use that are asked for. */
export async function readUsage(
  host: string,
  isMeant: (container: EngineContainer) => boolean,
): Promise<ContainerUsage> {
  const containers = (await listContainers(host)).filter(
    (container) => container.state === "running" && isMeant(container),
  );
  const limit = pLimit(questionsAtOnce);
  const usages = await limit.map(containers, ({ id }) =>
    askEngine(
      host,
      async (docker) => {
        const { memory_stats, cpu_stats } = await docker
          .getContainer(id)
          .stats({ stream: false, "one-shot": true });
        return {
          memoryBytes: memoryInUse(memory_stats),
          cpuSeconds: cpu_stats.cpu_usage.total_usage / nanosecondsPerSecond,
        };
      },
      workDeadlineMs,
    ),
  );
  return {
    containers: usages.length,
    memoryBytes: usages.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0),
    cpuSeconds: usages.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0),
  };
}

/** What containers have written beyond their images, in bytes: of those that carry the label and are asked for. */
export async function readWrittenBytes(
  host: string,
  label: string,
  isMeant: (labels: Readonly<Record<string, string>>) => boolean,
): Promise<number> {
  const containers = await askEngine(
    host,
    (docker) => docker.listContainers({ all: true, size: true, filters: JSON.stringify({ label: [label] }) }),
    workDeadlineMs,
  );
  return containers
    .filter(({ Labels }) => isMeant(Labels))
    .reduce((sum, container) => sum + (("SizeRw" in container && Number(container.SizeRw)) || 0), 0);
}
