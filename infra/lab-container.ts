import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { Addressing } from "../src/model/lab-config.ts";
import { loopbackAddress } from "../src/model/listen-rules.ts";
import type { Topology } from "../src/model/topology.ts";
import { dockerLabels, type Labels } from "./docker-labels.ts";

/** What every node of a lab is made from. */
export interface NodeArgs {
  /** Docker's name of the container. */
  readonly containerName: string;
  readonly networkName: pulumi.Input<string>;
  readonly imageId: pulumi.Input<string>;
  readonly labels: pulumi.Input<Labels>;
  readonly topology: Topology;
  readonly addressing: Addressing;
  /** Where ssh is published besides the loopback; empty for nowhere. */
  readonly listen: string;
  /** The machine's own addresses. */
  readonly machine: readonly string[];
  readonly securityOpts: readonly string[];
}

/** The loopback, where all of a lab's ports are published, and all but ssh nowhere else. */
export const loopback = loopbackAddress;

/**
 * What all nodes' containers have in common. `images/base/rootfs/usr/local/sbin/lab-entry` reads the environment.
 *
 * @param address - the node's textbook address.
 */
export function nodeContainer(
  args: NodeArgs,
  address: string,
  environment: readonly string[],
): docker.ContainerArgs {
  const { topology } = args;
  return {
    name: args.containerName,
    image: args.imageId,
    // Left unsaid, newer engines answer with another value and every update plans a replacement.
    networkMode: "bridge",
    networksAdvanced: [
      { name: args.networkName, ...(args.addressing === "docker" ? { ipv4Address: address } : {}) },
    ],
    envs: [
      `MAIL_LAB_ADDRESSING=${args.addressing}`,
      `MAIL_LAB_ADDRESS=${address}/${topology.prefixLength}`,
      `MAIL_LAB_SUBNET=${topology.subnet}`,
      `MAIL_LAB_GATEWAY=${topology.gateway}`,
      ...(args.machine.length === 0 ? [] : [`MAIL_LAB_MACHINE=${args.machine.join(" ")}`]),
      ...environment,
    ],
    labels: dockerLabels(args.labels),
    restart: "unless-stopped",
    mustRun: true,
  };
}
