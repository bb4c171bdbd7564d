import { writeFile } from "node:fs/promises";
import os from "node:os";
import { engineEndpoints } from "../../toolchain/docker/engine-endpoints.ts";
import { askEngine } from "../../toolchain/docker/engine-request.ts";
import { listOwnedObjects, type OwnedObjects } from "../engine/engine-leftovers.ts";
import { listNetworks } from "../engine/lab-objects.ts";
import { defaultPorts } from "../model/topology.ts";
import { inotifyGoal } from "./doctor/doctor-checks.ts";
import type { DoctorFacts, EngineFacts } from "./doctor/doctor-facts.ts";
import { judgeFacts, type Finding } from "./doctor/judge-facts.ts";
import {
  hasKernelPart,
  holdersWithin,
  inotifyFile,
  readDisk,
  readFreeMemory,
  readInotifyInstances,
  readKernelTraces,
  readOwners,
  readTakenRanges,
  takenAmong,
} from "./doctor/machine-facts.ts";
import type { LabPaths } from "./lab-paths.ts";
import { readLabConfig } from "./stack-config.ts";

/** How the machine is to be looked at. */
export interface DoctorRequest {
  readonly paths: LabPaths;
  /** How many more labs are to be built. */
  readonly labsWanted: number;
  /** Mends what can be mended without harm: the limit of inotify instances, as root. */
  readonly fix: boolean;
  readonly signal: AbortSignal;
}

/** What the doctor says. */
export interface Diagnosis {
  readonly findings: readonly Finding[];
  /** Labs on the engine of which this clone has no state: another clone's, or one whose state is gone. */
  readonly strangers: readonly OwnedObjects[];
  /** Ids of the findings that were mended. */
  readonly mended: readonly string[];
}

/** Looks at everything that can go wrong before `up`. It installs nothing and changes nothing but by `fix`. */
export async function examine(request: DoctorRequest): Promise<Diagnosis> {
  const facts = await gatherFacts(request);
  const isMended = request.fix && (await raiseInotify(judgeFacts(facts), facts));
  const current = isMended ? await gatherFacts(request) : facts;
  return {
    findings: judgeFacts(current),
    strangers: current.strangers ?? [],
    mended: isMended ? ["inotify"] : [],
  };
}

/**
 * Raises the limit of inotify instances where it is too low, the engine is this machine's and this is root.
 *
 * @param file - what holds the limit; the kernel's own unless given.
 * @returns whether it was raised.
 */
export async function raiseInotify(
  findings: readonly Finding[],
  facts: DoctorFacts,
  file: string = inotifyFile,
): Promise<boolean> {
  const isLow = findings.some(({ id, level }) => id === "inotify" && level === "bad");
  const { engine } = facts;
  const isOurs = engine.kind === "answers" && engine.isLocal && process.getuid?.() === 0;
  if (!isLow || !isOurs) return false;
  await writeFile(file, `${inotifyGoal(facts)}\n`);
  return true;
}

async function gatherFacts({ paths, labsWanted, signal }: DoctorRequest): Promise<DoctorFacts> {
  const config = await readLabConfig(paths);
  const engine = await findEngine(signal);
  const address = engine.kind === "answers" ? engine.url : undefined;
  // The kernel, its limits and the memory are those of the machine that the engine is on.
  const isElsewhere = engine.kind === "answers" && !engine.isLocal;
  const traces = isElsewhere ? undefined : await readKernelTraces(os.release());
  const owned = address === undefined ? [] : await listOwnedObjects(address);
  const own = process.env["PULUMI_BACKEND_URL"] === undefined ? await readOwners(paths.state) : undefined;
  const networks = address === undefined ? [] : await listNetworks(address);
  const ranges = networks.flatMap(({ name, subnets }) =>
    subnets.map((cidr) => ({ cidr, holder: `Docker network ${name}` })),
  );
  const ports = defaultPorts(config);
  return {
    engine,
    labsWanted,
    labsRunning: owned.filter(({ running }) => running > 0).length,
    subnet: config.subnet,
    subnetHolders: holdersWithin(config.subnet, [...ranges, ...(await readTakenRanges())]),
    takenPorts: await takenAmong([
      ports.dns,
      ...Object.values(ports.hosts).flatMap((host) => Object.values(host)),
    ]),
    freeMemoryBytes: (isElsewhere ? engine.facts.memoryBytes : await readFreeMemory()) ?? os.freemem(),
    disk: isElsewhere ? undefined : await readDisk(),
    inotifyInstances: isElsewhere ? undefined : await readInotifyInstances(),
    hasVxlan: traces && hasKernelPart(traces, "vxlan", "CONFIG_VXLAN"),
    hasNfTables: traces && hasKernelPart(traces, "nf_tables", "CONFIG_NF_TABLES"),
    strangers: own && owned.filter(({ owner }) => !own.has(owner)),
  };
}

/** The engine that `up` would take: the first that answers, else why the first does not. */
async function findEngine(signal: AbortSignal): Promise<EngineFacts> {
  let first: EngineFacts | undefined;
  for (const endpoint of engineEndpoints(process.env)) {
    const { url } = endpoint;
    const answer = await askEngine(endpoint, signal);
    if (answer.kind === "answers") {
      const { facts } = answer;
      const isLocal =
        process.platform === "linux" && url.startsWith("unix:") && facts.hostName === os.hostname();
      return { kind: "answers", url, facts, isLocal };
    }
    const silent: EngineFacts =
      answer.kind === "denied"
        ? { kind: "denied", url, user: os.userInfo().username }
        : { kind: "silent", url, reason: answer.reason };
    if (first === undefined || (first.kind === "silent" && silent.kind === "denied")) first = silent;
  }
  if (first === undefined) throw new Error("there is always one place to look for an engine");
  return first;
}
