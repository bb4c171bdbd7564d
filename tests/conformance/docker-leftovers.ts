import { randomInt } from "node:crypto";
import type Docker from "dockerode";
import { overlaps } from "../../toolchain/offline/docker/network/subnet.ts";

const THIRD_OCTETS = 256;

/** Everything with a label: what a test left, or what it expects. */
export interface Leftovers {
  readonly containers: readonly string[];
  readonly networks: readonly string[];
  readonly volumes: readonly string[];
}

/** Names of the containers, networks and volumes that carry a label such as `mail-lab.test=conf-live-3f9ac1`. */
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

/**
 * The first three numbers of a /24 under `10.<second>.` that no Docker network holds; any of them, so that two runs
 * on one engine seldom choose the same.
 */
export async function freeSubnetPrefix(docker: Docker, second: number): Promise<string> {
  const networks = await docker.listNetworks();
  const held = networks.flatMap((network) =>
    (network.IPAM?.Config ?? []).map((config) => config["Subnet"] ?? ""),
  );
  const first = randomInt(THIRD_OCTETS);
  for (let index = 0; index < THIRD_OCTETS; index += 1) {
    const prefix = `10.${second}.${(first + index) % THIRD_OCTETS}`;
    if (!held.some((subnet) => overlaps(`${prefix}.0/24`, subnet))) return prefix;
  }
  throw new Error(`every /24 of 10.${second}.0.0/16 is held by a Docker network`);
}
