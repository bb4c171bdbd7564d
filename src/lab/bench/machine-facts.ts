import { availableParallelism, loadavg, release, totalmem } from "node:os";
import type { DockerFacts } from "../../../toolchain/docker/docker-facts.ts";

/** What a figure depends on beside the lab itself. */
export interface MachineFacts {
  readonly cores: number;
  readonly memoryBytes: number;
  readonly kernel: string;
  readonly engineVersion: string;
  readonly cgroupVersion: "1" | "2";
  /** Processes that wanted a processor in the last minute, the measurement's own among them. */
  readonly loadAverage: number;
}

/** The machine and its engine; where the engine is another machine, its own cores and memory are what count. */
export function machineFacts(engine: DockerFacts): MachineFacts {
  return {
    cores: engine.cpus > 0 ? engine.cpus : availableParallelism(),
    memoryBytes: engine.memoryBytes > 0 ? engine.memoryBytes : totalmem(),
    kernel: release(),
    engineVersion: engine.serverVersion,
    cgroupVersion: engine.cgroupVersion,
    loadAverage: loadavg()[0] ?? 0,
  };
}
