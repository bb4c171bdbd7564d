import { labelNames } from "../model/labels.ts";
import { askEngine, workDeadlineMs } from "./docker-engine.ts";

/** A container as the engine knows it. */
export interface EngineContainer {
  readonly id: string;
  readonly name: string;
  /** The engine's word: `running`, `exited`, `created`, … */
  readonly state: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** All containers of the engine, stopped ones too. */
export async function listContainers(host: string): Promise<readonly EngineContainer[]> {
  const containers = await askEngine(host, (docker) => docker.listContainers({ all: true }));
  return containers.map((container) => ({
    id: container.Id,
    name: (container.Names[0] ?? "").replace(/^\//, ""),
    state: container.State,
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

/** Starts a container that exists. */
export async function startContainer(host: string, id: string): Promise<void> {
  await askEngine(host, (docker) => docker.getContainer(id).start(), workDeadlineMs);
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
