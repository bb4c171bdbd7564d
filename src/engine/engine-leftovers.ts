import { labelNames } from "../model/labels.ts";
import { askEngine } from "./docker-engine.ts";

/** What the engine holds of one lab. */
export interface OwnedObjects {
  readonly owner: string;
  readonly stack: string;
  /** `container dev-host1`, `network dev`, `volume …`. */
  readonly objects: readonly string[];
  /** How many of the containers run. */
  readonly running: number;
}

/** Everything on the engine that carries an owner's label, by owner: every clone's labs. */
export async function listOwnedObjects(host: string): Promise<readonly OwnedObjects[]> {
  const filters = JSON.stringify({ label: [labelNames.owner] });
  const found = await askEngine(host, async (docker) => {
    const [containers, networks, { Volumes: volumes }] = await Promise.all([
      docker.listContainers({ all: true, filters }),
      docker.listNetworks({ filters }),
      docker.listVolumes({ filters }),
    ]);
    return [
      ...containers.map(({ Id, Names, Labels, State }) => ({
        name: `container ${(Names[0] ?? Id).replace(/^\//, "")}`,
        labels: Labels,
        isRunning: State === "running",
      })),
      ...networks.map(({ Name, Labels }) => ({
        name: `network ${Name}`,
        labels: Labels ?? {},
        isRunning: false,
      })),
      ...volumes.map(({ Name, Labels }) => ({ name: `volume ${Name}`, labels: Labels, isRunning: false })),
    ];
  });
  const byOwner = Map.groupBy(found, ({ labels }) => labels[labelNames.owner] ?? "");
  return [...byOwner].map(([owner, objects]) => ({
    owner,
    stack: objects[0]?.labels[labelNames.stack] ?? "",
    objects: objects.map(({ name }) => name).sort(),
    running: objects.filter(({ isRunning }) => isRunning).length,
  }));
}
