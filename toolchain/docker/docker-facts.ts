import { z } from "zod";

import { isAtLeast, parseVersion } from "../version.ts";

/** The oldest engine that the lab runs on; an older one's seccomp and cgroup options are not known to serve. */
export const oldestEngine = "20.10";

const infoSchema = z.object({
  ID: z.string().default(""),
  Name: z.string().default(""),
  ServerVersion: z.string().min(1),
  CgroupVersion: z.string().optional(),
  SecurityOptions: z.array(z.string()).nullish(),
  OSType: z.string().default("linux"),
  OperatingSystem: z.string().default(""),
  Architecture: z.string().default(""),
  NCPU: z.number().default(0),
  MemTotal: z.number().default(0),
});

/** What a lab needs to know about the engine that will run it, from its `info`. */
export interface DockerFacts {
  /** The engine's own id, which tells two engines apart. */
  readonly id: string;
  readonly hostName: string;
  /** `28.5.2`, `20.10.24+dfsg1`. */
  readonly serverVersion: string;
  /** The hierarchy that systemd finds; an engine too old to say has version 1. */
  readonly cgroupVersion: "1" | "2";
  readonly apparmor: boolean;
  readonly selinux: boolean;
  readonly rootless: boolean;
  readonly usernsRemap: boolean;
  /** `x86_64`, `aarch64`. */
  readonly architecture: string;
  readonly operatingSystem: string;
  readonly cpus: number;
  readonly memoryBytes: number;
}

/** Reads the answer of `GET /info` or of `docker info --format '{{json .}}'`; undefined where it is none. */
export function parseDockerFacts(info: unknown): DockerFacts | undefined {
  const parsed = infoSchema.safeParse(info);
  if (!parsed.success) return undefined;
  const { data } = parsed;
  const hasOption = (name: string): boolean =>
    (data.SecurityOptions ?? []).some((option) => option.split(",").includes(`name=${name}`));
  return {
    id: data.ID,
    hostName: data.Name,
    serverVersion: data.ServerVersion,
    cgroupVersion: data.CgroupVersion === "2" ? "2" : "1",
    apparmor: hasOption("apparmor"),
    selinux: hasOption("selinux"),
    rootless: hasOption("rootless"),
    usernsRemap: hasOption("userns"),
    architecture: data.Architecture,
    operatingSystem: data.OperatingSystem,
    cpus: data.NCPU,
    memoryBytes: data.MemTotal,
  };
}

/** Whether the engine is older than the lab can use; one whose version can't be read is taken for new. */
export function isOldEngine({ serverVersion }: DockerFacts): boolean {
  const version = parseVersion(serverVersion);
  const oldest = parseVersion(oldestEngine);
  return version !== undefined && oldest !== undefined && !isAtLeast(version, oldest);
}
