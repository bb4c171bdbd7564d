import type Docker from "dockerode";
import { overlaps } from "../../toolchain/offline/docker/network/subnet.ts";

/** Everything with a label: what a test left, or what it expects. */
export interface Leftovers {
  readonly containers: readonly string[];
  readonly networks: readonly string[];
  readonly volumes: readonly string[];
}

/** Names of the containers, networks and volumes that carry a label such as `mail-lab.test=conf-live`. */
export async function labelled(docker: Docker, label: string): Promise<Leftovers> {
  const filters = { label: [label] };
  const [containers, networks, { Volumes: volumes }] = await Promise.all([
    docker.listContainers({ all: true, filters }),
    docker.listNetworks({ filters }),
    docker.listVolumes({ filters }),
  ]);
  return {
    containers: containers.map((container) => (container.Names[0] ?? container.Id).replace(/^\//u, "")),
    networks: networks.map((network) => network.Name),
    volumes: volumes.map((volume) => volume.Name),
  };
}

/** Removes everything that carries the label, whoever made it: for the end of a test. */
export async function removeLabelled(docker: Docker, label: string): Promise<void> {
  const left = await labelled(docker, label);
  for (const name of left.containers) await docker.getContainer(name).remove({ force: true, v: true });
  for (const name of left.networks) await docker.getNetwork(name).remove();
  for (const name of left.volumes) await docker.getVolume(name).remove();
}

/** The first three numbers of a /24 under `10.<second>.` that no Docker network holds. */
export async function freeSubnetPrefix(docker: Docker, second: number): Promise<string> {
  const networks = await docker.listNetworks();
  const held = networks.flatMap((network) =>
    (network.IPAM?.Config ?? []).map((config) => config["Subnet"] ?? ""),
  );
  for (let third = 0; third <= 255; third += 1) {
    const prefix = `10.${second}.${third}`;
    if (!held.some((subnet) => overlaps(`${prefix}.0/24`, subnet))) return prefix;
  }
  throw new Error(`every /24 of 10.${second}.0.0/16 is held by a Docker network`);
}
