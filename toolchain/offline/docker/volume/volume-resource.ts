import type Dockerode from "dockerode";
import type { PropertyMap, Resource, ResourceContext } from "../../provider/resource.ts";
import { PluginError } from "../../rpc/plugin-error.ts";
import type { DockerClients } from "../client.ts";
import { answerOf, describeLabels, isGone, refusal, unlessGone } from "../docker-answer.ts";
import { poll } from "../poll.ts";
import { labelMap } from "../table/labels.ts";
import { TableResource } from "../table/table-resource.ts";
import { canonicalText } from "../table/values.ts";
import { volumeTable, type VolumeBody, type VolumeLive } from "./table.ts";

/** How long a volume may still be in use when it is to go. */
const REMOVAL_TIMEOUT_MS = 30_000;
const REMOVAL_INTERVAL_MS = 250;

/** `docker:index/volume:Volume` on a Docker engine. */
export class VolumeResource extends TableResource<VolumeBody, VolumeLive> implements Resource {
  readonly #clients: DockerClients;

  constructor(clients: DockerClients) {
    super(volumeTable);
    this.#clients = clients;
  }

  async create(inputs: PropertyMap, context: ResourceContext): Promise<{ id: string; state: PropertyMap }> {
    const docker = await this.#clients.open(context.config);
    const body = this.writeBody(inputs, {});
    const name = body.Name ?? "";
    const { signal } = context;
    await refuseForeign(docker, name, labelMap(inputs["labels"]), signal);
    context.status(`creating volume ${name}`);
    try {
      await docker.createVolume({ ...body, abortSignal: signal });
      const live = await docker.getVolume(name).inspect({ abortSignal: signal });
      return { id: live.Name, state: this.readState(inputs, live, live.Name) };
    } catch (error) {
      throw refusal("OFFLINE_DOCKER_VOLUME_CREATE", `volume ${name} can't be created`, error);
    }
  }

  async read(
    request: { readonly id: string; readonly state: PropertyMap; readonly inputs: PropertyMap },
    context: ResourceContext,
  ): ReturnType<Resource["read"]> {
    const docker = await this.#clients.open(context.config);
    const live = await unlessGone(docker.getVolume(request.id).inspect({ abortSignal: context.signal }));
    return live && this.refreshed(request, live, live.Name);
  }

  update(): Promise<PropertyMap> {
    return Promise.reject(new Error("a volume has nothing that can be changed in place"));
  }

  async delete(request: { readonly id: string }, context: ResourceContext): Promise<void> {
    const docker = await this.#clients.open(context.config);
    const { id } = request;
    context.status(`removing volume ${id}`);
    const remove = async (): Promise<true | undefined> => {
      try {
        await docker.getVolume(id).remove({ abortSignal: context.signal });
        return true;
      } catch (error) {
        if (isGone(error)) return true;
        if (answerOf(error).includes("volume is in use")) return undefined;
        throw refusal("OFFLINE_DOCKER_VOLUME_REMOVE", `volume ${id} can't be removed`, error);
      }
    };
    const limits = { timeoutMs: REMOVAL_TIMEOUT_MS, intervalMs: REMOVAL_INTERVAL_MS, signal: context.signal };
    if ((await poll(remove, limits)) !== undefined) return;
    const users = await docker.listContainers({ all: true, filters: { volume: [id] } });
    const names = users.map((user) => (user.Names[0] ?? user.Id).replace(/^\//u, ""));
    throw new PluginError(
      "OFFLINE_DOCKER_VOLUME_IN_USE",
      `volume ${id} can't be removed: after ${REMOVAL_TIMEOUT_MS / 1000} s it is still used by ${names.join(", ")}`,
      { hint: `Remove what uses it (docker rm -f ${names.join(" ")}), then try again.` },
    );
  }
}

/**
 * Docker takes the creation of a volume that exists for done. One that carries the same labels is what an
 * interrupted update left; any other is somebody's mail, and a later destroy would remove it.
 */
async function refuseForeign(
  docker: Dockerode,
  name: string,
  labels: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<void> {
  const existing = await unlessGone(docker.getVolume(name).inspect({ abortSignal: signal }));
  if (existing === undefined) return;
  const found = (existing.Labels as Record<string, string> | null) ?? {};
  if (canonicalText(found) === canonicalText(labels)) return;
  throw new PluginError(
    "OFFLINE_DOCKER_VOLUME_EXISTS",
    `volume ${name} can't be created: one of that name exists, with ${describeLabels(found)}`,
    { hint: `Remove it if nobody needs what is in it (docker volume rm ${name}), or choose another name.` },
  );
}
