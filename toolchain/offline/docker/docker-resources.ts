import type { Resource } from "../provider/resource.ts";
import { DockerClients } from "./client.ts";
import { ContainerResource } from "./container/container-resource.ts";
import { RemoteImageResource } from "./image/remote-image-resource.ts";
import { NetworkResource } from "./network/network-resource.ts";
import { VolumeResource } from "./volume/volume-resource.ts";

/** The resources of the official docker plugin that the offline one has. */
export function dockerResources(environment: NodeJS.ProcessEnv): Resource[] {
  const clients = new DockerClients(environment);
  return [
    new NetworkResource(clients),
    new VolumeResource(clients),
    new ContainerResource(clients),
    new RemoteImageResource(clients),
  ];
}
