import { writeFile } from "node:fs/promises";
import os from "node:os";
import {
  engineEndpoints,
  namedEndpoint,
  type EngineEndpoint,
} from "../../../toolchain/docker/engine-endpoints.ts";
import { askEngine } from "../../../toolchain/docker/engine-request.ts";
import { isElsewhere } from "../../../toolchain/docker/engine-route.ts";
import { listOwnedObjects, type OwnedObjects } from "../../engine/engine-leftovers.ts";
import type { LabConfig } from "../../model/lab-config.ts";
import { LabError } from "../../model/lab-error.ts";
import type { Text } from "../../model/text.ts";
import { defaultPorts, portsIn } from "../../model/topology.ts";
import type { DoctorFacts, EngineFacts } from "./doctor-facts.ts";
import { judgeFacts, type Finding } from "./judge-facts.ts";
import { inotifyGoal } from "./machine-checks.ts";
import {
  hasKernelPart,
  inotifyFile,
  readDisk,
  readFreeMemory,
  readInotifyInstances,
  readKernelTraces,
  readOwners,
} from "./machine-facts.ts";
import { engineElsewhere } from "../reach/engine-elsewhere.ts";
import { engineReach } from "../reach/engine-reach.ts";
import { engineValues, type EngineValues } from "../machine/engine-values.ts";
import { isPortFree } from "../machine/free-ports.ts";
import type { LabPaths } from "../lab-paths.ts";
import { holdersWithin, occupiedRanges } from "../machine/machine-values.ts";
import { findStrangeSaves, type StrangeSave } from "../saves/saves.ts";
import { checkUserConfig, readOwnValues, readUnsettledConfig } from "../stack/stack-config.ts";

/** How long an engine of this machine may be silent: a look is to end within three seconds. */
const engineDeadlineMs = 1500;

/** How the machine is to be looked at. */
export interface DoctorRequest {
  readonly stack: string;
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
  /** Saves on the engine of which this clone has no manifest. */
  readonly strangeSaves: readonly StrangeSave[];
  /** Ids of the findings that were mended. */
  readonly mended: readonly string[];
  /** What `up` would write into the stack's configuration for this engine; absent where none answers. */
  readonly values?: EngineValues;
}

/** Looks at everything that can go wrong before `up`. It installs nothing and changes nothing but by `fix`. */
export async function examine(request: DoctorRequest): Promise<Diagnosis> {
  const facts = await gatherFacts(request);
  const isMended = request.fix && (await raiseInotify(judgeFacts(facts), facts));
  const current = isMended ? await gatherFacts(request) : facts;
  const { engine, configured } = current;
  return {
    findings: judgeFacts(current),
    strangers: current.strangers ?? [],
    strangeSaves: engine.kind === "answers" ? await findStrangeSaves(request.paths, engine.url) : [],
    mended: isMended ? ["inotify"] : [],
    ...(engine.kind === "answers" && { values: engineValues(engine.facts, configured.systemd) }),
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

/** The stack's configuration, or the default one with what is wrong with the stack's. */
async function readConfig(
  paths: LabPaths,
  stack: string,
): Promise<{ config: LabConfig; fault: Text | undefined; configured: Partial<EngineValues> }> {
  try {
    const config = await checkUserConfig(paths, stack);
    const own = await readOwnValues(paths);
    const configured: Partial<EngineValues> = Object.fromEntries(
      (["systemd", "securityOpts"] as const).filter((key) => key in own).map((key) => [key, own[key]]),
    );
    return { config, fault: undefined, configured };
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    return { config: await readUnsettledConfig(paths, {}), fault: error.text, configured: {} };
  }
}

async function gatherFacts({ paths, stack, labsWanted, signal }: DoctorRequest): Promise<DoctorFacts> {
  const { config, fault, configured } = await readConfig(paths, stack);
  const engine = await findEngine(await endpointsFor(paths, stack), signal);
  const address = engine.kind === "answers" ? engine.url : undefined;
  const reach = address !== undefined && isElsewhere(address) ? engineReach(address, signal) : undefined;
  // The kernel, its limits and the memory are those of the machine that the engine is on.
  const isForeign = engine.kind === "answers" && !engine.isLocal;
  const traces = isForeign ? undefined : await readKernelTraces(os.release());
  const owned = address === undefined ? [] : await listOwnedObjects(address);
  const own = process.env["PULUMI_BACKEND_URL"] === undefined ? await readOwners(paths.state) : undefined;
  return {
    engine,
    configFault: fault,
    configured,
    labsWanted,
    labsRunning: owned.filter(({ running }) => running > 0).length,
    subnet: config.subnet,
    subnetHolders: holdersWithin(config.subnet, await occupiedRanges(address, reach)),
    takenPorts: await takenPorts(config),
    freeMemoryBytes: (isForeign ? engine.facts.memoryBytes : await readFreeMemory()) ?? os.freemem(),
    disk: isForeign ? undefined : await readDisk(),
    inotifyInstances: isForeign ? undefined : await readInotifyInstances(),
    hasVxlan: traces && hasKernelPart(traces, "vxlan", "CONFIG_VXLAN"),
    hasNfTables: traces && hasKernelPart(traces, "nf_tables", "CONFIG_NF_TABLES"),
    strangers: own && owned.filter(({ owner }) => !own.has(owner)),
  };
}

/** Those of a first lab's ports that are taken. */
async function takenPorts(config: LabConfig): Promise<readonly number[]> {
  const usual = defaultPorts(config);
  const ports = portsIn(usual);
  const free = await Promise.all(ports.map((port) => isPortFree(port, port === usual.dns)));
  return ports.filter((_, index) => free[index] !== true);
}

/** Where `up` would look for an engine: on the machine that the stack's configuration names, else as Docker does. */
async function endpointsFor(paths: LabPaths, stack: string): Promise<readonly EngineEndpoint[]> {
  const named = await engineElsewhere(paths, stack).catch((error: unknown) => {
    // What is wrong with the configuration is said as a finding of its own.
    if (error instanceof LabError) return undefined;
    throw error;
  });
  return named === undefined ? engineEndpoints(process.env) : [namedEndpoint(named)];
}

/** The engine that `up` would take: the first that answers, else why the first does not. */
async function findEngine(endpoints: readonly EngineEndpoint[], signal: AbortSignal): Promise<EngineFacts> {
  let first: EngineFacts | undefined;
  for (const endpoint of endpoints) {
    const { url } = endpoint;
    const answer = await askEngine(endpoint, signal, engineDeadlineMs);
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
