import type Dockerode from "dockerode";
import type { PropertyMap, Resource, ResourceContext } from "../../provider/resource.ts";
import type { DockerClients } from "../client.ts";
import { isGone, refusal, statusOf } from "../docker-answer.ts";
import { TableResource } from "../table/table-resource.ts";
import { asText, asTexts, canonicalText, isRecord } from "../table/values.ts";
import { buildImage, tagImage } from "./build.ts";
import { findImage, requireImage } from "./image-store.ts";
import { remoteImageTable, type ImageLive } from "./table.ts";

/** `docker:index/remoteImage:RemoteImage` on a Docker engine: pulled, or built where `build` is given. */
export class RemoteImageResource extends TableResource<Record<string, never>, ImageLive> implements Resource {
  readonly #clients: DockerClients;

  constructor(clients: DockerClients) {
    super(remoteImageTable);
    this.#clients = clients;
  }

  async create(inputs: PropertyMap, context: ResourceContext): Promise<{ id: string; state: PropertyMap }> {
    const docker = await this.#clients.open(context.config);
    const name = asText(inputs["name"]);
    const build = inputs["build"];
    if (isRecord(build)) await buildImage(docker, name, build, context);
    const live = await requireImage(docker, name, asText(inputs["platform"]), context);
    // The official plugin's id is both, run together.
    const id = live.Id + name;
    return { id, state: this.readState(inputs, live, id) };
  }

  async read(
    request: { readonly id: string; readonly state: PropertyMap; readonly inputs: PropertyMap },
    context: ResourceContext,
  ): ReturnType<Resource["read"]> {
    const docker = await this.#clients.open(context.config);
    const name = asText(request.state["name"]);
    const live = await findImage(docker, name);
    return live && this.refreshed(request, live, live.Id + name);
  }

  async update(
    request: { readonly id: string; readonly oldState: PropertyMap; readonly news: PropertyMap },
    context: ResourceContext,
  ): Promise<PropertyMap> {
    const docker = await this.#clients.open(context.config);
    const state = this.updatedState(request.oldState, request.news);
    const before = isRecord(request.oldState["build"]) ? request.oldState["build"] : {};
    const after = isRecord(state["build"]) ? state["build"] : {};
    await tagImage(docker, asText(state["imageId"]), asTexts(after["tags"]));
    if (canonicalText(before["label"]) !== canonicalText(after["label"])) {
      context.log(
        "warning",
        "build.label takes effect when the image is built again: change triggers to have it now",
      );
    }
    return state;
  }

  async delete(
    request: { readonly id: string; readonly state: PropertyMap },
    context: ResourceContext,
  ): Promise<void> {
    const { state } = request;
    if (state["keepLocally"] === true) return;
    const docker = await this.#clients.open(context.config);
    const name = asText(state["name"]);
    const imageId = asText(state["imageId"]);
    const live = await findImage(docker, name);
    // After a replacement the name belongs to the new image: then the old one goes, unless it has a name of its own.
    const isNamed = live?.Id === imageId;
    if (!isNamed && (await isWanted(docker, imageId))) return;
    context.status(`removing image ${name}`);
    try {
      await docker
        .getImage(isNamed ? name : imageId)
        .remove({ force: isNamed && state["forceRemove"] === true });
    } catch (error) {
      if (isGone(error) || (!isNamed && statusOf(error) === 409)) return;
      const users = await containersOf(docker, imageId);
      throw refusal(
        "OFFLINE_DOCKER_IMAGE_REMOVE",
        `image ${name} can't be removed`,
        error,
        users.length === 0
          ? undefined
          : `It is used by ${users.join(", ")}. Remove that first, or set keepLocally: true to keep the image.`,
      );
    }
  }
}

async function isWanted(docker: Dockerode, imageId: string): Promise<boolean> {
  const tags = (await findImage(docker, imageId))?.RepoTags as string[] | null | undefined;
  return tags === undefined || (tags?.length ?? 0) > 0;
}

async function containersOf(docker: Dockerode, imageId: string): Promise<string[]> {
  const containers = await docker.listContainers({ all: true, filters: { ancestor: [imageId] } });
  return containers.map((container) => (container.Names[0] ?? container.Id).replace(/^\//u, ""));
}
