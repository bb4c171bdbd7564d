import { labelNames } from "../model/labels.ts";
import { askEngine, workDeadlineMs } from "./docker-engine.ts";

/** A container as the engine knows it. */
export interface EngineContainer {
  readonly id: string;
  readonly name: string;
  /** The engine's word: `running`, `paused`, `exited`, `created`, … */
  readonly state: string;
  /** When it was made, in milliseconds since 1970. */
  readonly createdMs: number;
  readonly labels: Readonly<Record<string, string>>;
}

/** All containers of the engine, stopped ones too. */
export async function listContainers(host: string): Promise<readonly EngineContainer[]> {
  const containers = await askEngine(host, (docker) => docker.listContainers({ all: true }));
  return containers.map((container) => ({
    id: container.Id,
    name: (container.Names[0] ?? "").replace(/^\//, ""),
    state: container.State,
    createdMs: container.Created * 1000,
    // An engine answers null where there are none.
    labels: (container.Labels as Record<string, string> | null) ?? {},
  }));
}

/** A network as the engine knows it. */
export interface EngineNetwork {
  readonly id: string;
  readonly name: string;
  /** Its IPv4 ranges in CIDR notation. */
  readonly subnets: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

/** All networks of the engine. */
export async function listNetworks(host: string): Promise<readonly EngineNetwork[]> {
  const networks = await askEngine(host, (docker) => docker.listNetworks());
  return networks.map((network) => ({
    id: network.Id,
    name: network.Name,
    subnets: (network.IPAM?.Config ?? []).flatMap(({ Subnet }) => (Subnet?.includes(".") ? [Subnet] : [])),
    labels: (network.Labels as Record<string, string> | null | undefined) ?? {},
  }));
}

/** Names of whatever the engine still holds of a lab: containers, networks and volumes with its owner's label. */
export async function listLeftovers(host: string, owner: string): Promise<readonly string[]> {
  const filters = JSON.stringify({ label: [`${labelNames.owner}=${owner}`] });
  return askEngine(host, async (docker) => {
    const [containers, networks, volumes] = await Promise.all([
      docker.listContainers({ all: true, filters }),
      docker.listNetworks({ filters }),
      docker.listVolumes({ filters }),
    ]);
    return [
      ...containers.map(
        (container) => `container ${(container.Names[0] ?? container.Id).replace(/^\//, "")}`,
      ),
      ...networks.map((network) => `network ${network.Name}`),
      ...volumes.Volumes.map((volume) => `volume ${volume.Name}`),
    ];
  });
}

/** The engine's word for "it is so already". */
const unchanged = 304;
/** The exit code of a process that was killed. */
const killedExitCode = 137;

/** Starts a container that exists; one that runs already is no error. */
export async function startContainer(host: string, id: string): Promise<void> {
  await askEngine(host, (docker) => unlessStatus(unchanged, docker.getContainer(id).start()), workDeadlineMs);
}

/** Lets a paused container go on where it was; one that runs already is no error. */
export async function resumeContainer(host: string, id: string): Promise<void> {
  await askEngine(host, async (docker) => {
    const container = docker.getContainer(id);
    if ((await container.inspect()).State.Paused) await container.unpause();
  });
}

/**
 * Stops a container by its own stop signal, and kills it after the grace.
 *
 * @returns whether it stopped by itself.
 */
export async function stopContainer(host: string, id: string, graceSeconds: number): Promise<boolean> {
  return askEngine(
    host,
    async (docker) => {
      const container = docker.getContainer(id);
      await unlessStatus(unchanged, container.stop({ t: graceSeconds }));
      return (await container.inspect()).State.ExitCode !== killedExitCode;
    },
    graceSeconds * 1000 + workDeadlineMs,
  );
}

/** The engine's words for "there is none" and for "it does not run". */
const gone = 404;
const notRunning = 409;

/** Kills a container's processes at once; it stays so until it is started. One that does not run is no error. */
export async function killContainer(host: string, id: string): Promise<void> {
  await askEngine(
    host,
    (docker) => unlessStatus(gone, unlessStatus(notRunning, docker.getContainer(id).kill())),
    workDeadlineMs,
  );
}

/** Lets an answer pass that the engine gives as an error. */
async function unlessStatus(status: number, answer: Promise<unknown>): Promise<void> {
  try {
    await answer;
  } catch (error) {
    if (!(error instanceof Error && "statusCode" in error && error.statusCode === status)) throw error;
  }
}

/** Ports of the machine that stopped labs need again when they start; running ones hold theirs themselves. */
export async function portsOfStoppedLabs(host: string): Promise<ReadonlySet<number>> {
  const stopped = (await listContainers(host)).filter(
    ({ state, labels }) => state !== "running" && labelNames.owner in labels,
  );
  const ports = await Promise.all(stopped.map(({ id }) => publishedPorts(host, id)));
  return new Set(ports.flat());
}

async function publishedPorts(host: string, id: string): Promise<readonly number[]> {
  return askEngine(host, async (docker) => {
    // One that is removed at this moment needs no ports any more.
    const inspected = await docker
      .getContainer(id)
      .inspect()
      .catch(() => undefined);
    const bindings = (inspected?.HostConfig.PortBindings ?? {}) as Record<
      string,
      { HostPort?: string }[] | null
    >;
    return Object.values(bindings).flatMap((entries) =>
      (entries ?? []).map(({ HostPort }) => Number(HostPort)),
    );
  });
}

/** Removes a container, running or not, with its anonymous volumes. */
export async function removeContainer(host: string, id: string): Promise<void> {
  await askEngine(host, (docker) => docker.getContainer(id).remove({ force: true, v: true }), workDeadlineMs);
}

/** Removes a network that nothing is attached to. */
export async function removeNetwork(host: string, id: string): Promise<void> {
  await askEngine(host, (docker) => docker.getNetwork(id).remove(), workDeadlineMs);
}

/** Whether the engine has an image of this reference or id. */
export async function hasImage(host: string, reference: string): Promise<boolean> {
  return askEngine(host, async (docker) => {
    try {
      await docker.getImage(reference).inspect();
      return true;
    } catch (error) {
      if (error instanceof Error && "statusCode" in error && error.statusCode === 404) return false;
      throw error;
    }
  });
}
