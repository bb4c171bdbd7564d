import type Dockerode from "dockerode";
import type { PropertyMap, Resource, ResourceContext } from "../../provider/resource.ts";
import type { DockerClients } from "../client.ts";
import { answerOf, isGone, refusal, statusOf, unlessGone } from "../docker-answer.ts";
import { requireImage } from "../image/image-store.ts";
import { poll } from "../poll.ts";
import { TableResource } from "../table/table-resource.ts";
import { asNumber, asText, canonicalText } from "../table/values.ts";
import type { ContainerBody, ContainerLive } from "./body.ts";
import { explainContainer } from "./explain.ts";
import { connectNetworks, startContainer } from "./start.ts";
import { containerTable } from "./table.ts";
import { updateLimits } from "./update.ts";
import { uploadFiles } from "./uploads.ts";

/** How long Docker may take to forget a container that it removes. */
const REMOVAL_TIMEOUT_MS = 30_000;
const REMOVAL_INTERVAL_MS = 100;
/** What is planned as an update and only a new container has: Docker can't change it. */
const latentProperties: readonly string[] = ["init", "rm"];

/** `docker:index/container:Container` on a Docker engine. */
export class ContainerResource extends TableResource<ContainerBody, ContainerLive> implements Resource {
  readonly #clients: DockerClients;

  constructor(clients: DockerClients) {
    super(containerTable);
    this.#clients = clients;
  }

  /**
   * Creates the container on the default bridge, moves it to its networks, uploads its files, starts it and
   * waits; whatever fails on the way, no half-made container stays.
   */
  async create(inputs: PropertyMap, context: ResourceContext): Promise<{ id: string; state: PropertyMap }> {
    const docker = await this.#clients.open(context.config);
    const name = asText(inputs["name"]);
    const { platform = "", ...body } = this.writeBody(inputs, { HostConfig: { Init: false } });
    await requireImage(docker, asText(inputs["image"]), platform, context);
    context.status(`creating container ${name}`);
    const container = await this.#create(docker, inputs, platform, body, context.signal);
    try {
      await connectNetworks(docker, container, inputs, context);
      await uploadFiles(container, inputs, context.signal);
      if (inputs["start"] !== false) await startContainer(docker, container, inputs, context);
      return { id: container.id, state: this.readState(inputs, await inspect(container), container.id) };
    } catch (error) {
      await removeHalfMade(container, context);
      throw refusal("OFFLINE_DOCKER_CONTAINER_CREATE", `container ${name} can't be created`, error);
    }
  }

  async #create(
    docker: Dockerode,
    inputs: PropertyMap,
    platform: string,
    body: Dockerode.ContainerCreateOptions,
    abortSignal: AbortSignal,
  ): Promise<Dockerode.Container> {
    const name = asText(inputs["name"]);
    try {
      // Told apart: else the client writes everything, secrets too, into the request's address.
      const query = platform === "" ? { name } : { name, platform };
      const request: object = { _query: query, _body: { ...body, name: undefined }, abortSignal };
      return await docker.createContainer(request);
    } catch (error) {
      abortSignal.throwIfAborted();
      throw await explainContainer(docker, `container ${name} can't be created`, inputs, error);
    }
  }

  async read(
    request: { readonly id: string; readonly state: PropertyMap; readonly inputs: PropertyMap },
    context: ResourceContext,
  ): ReturnType<Resource["read"]> {
    const docker = await this.#clients.open(context.config);
    const live = await unlessGone(inspect(docker.getContainer(request.id)));
    return live && this.refreshed(request, live, live.Id);
  }

  async update(
    request: { readonly id: string; readonly oldState: PropertyMap; readonly news: PropertyMap },
    context: ResourceContext,
  ): Promise<PropertyMap> {
    const docker = await this.#clients.open(context.config);
    const { oldState, news } = request;
    const container = docker.getContainer(request.id);
    const updated = this.updatedState(oldState, news);
    const isChanged = (name: string): boolean =>
      canonicalText(oldState[name]) !== canonicalText(updated[name]);
    await updateLimits(container, asText(updated["name"]), updated, isChanged);
    if (isChanged("mustRun") && updated["mustRun"] === true && updated["start"] !== false) {
      await startContainer(docker, container, news, context);
    }
    const latent = latentProperties.filter(isChanged);
    for (const name of latent) {
      context.log(
        "warning",
        `${name} can't be changed on an existing container: it takes effect when it is replaced`,
      );
    }
    const state = this.readState(updated, await inspect(container), request.id);
    return { ...state, ...Object.fromEntries(latent.map((name) => [name, updated[name] ?? null])) };
  }

  async delete(
    request: { readonly id: string; readonly state: PropertyMap },
    context: ResourceContext,
  ): Promise<void> {
    const docker = await this.#clients.open(context.config);
    const { state } = request;
    const name = asText(state["name"]);
    const container = docker.getContainer(request.id);
    try {
      context.status(`stopping container ${name}`);
      await stop(container, asNumber(state["destroyGraceSeconds"]), context.signal);
      context.status(`removing container ${name}`);
      await remove(container, state["removeVolumes"] !== false, context.signal);
    } catch (error) {
      context.signal.throwIfAborted();
      throw refusal("OFFLINE_DOCKER_CONTAINER_REMOVE", `container ${name} can't be removed`, error);
    }
  }
}

async function inspect(container: Dockerode.Container): Promise<ContainerLive> {
  return await container.inspect();
}

async function stop(
  container: Dockerode.Container,
  graceSeconds: number,
  abortSignal: AbortSignal,
): Promise<void> {
  try {
    await container.stop({ t: graceSeconds, abortSignal });
  } catch (error) {
    // 304: it is stopped already.
    if (!isGone(error) && statusOf(error) !== 304) throw error;
  }
}

/** Removes a container and waits until Docker has forgotten it, so that its name and address are free. */
async function remove(
  container: Dockerode.Container,
  withVolumes: boolean,
  signal: AbortSignal,
): Promise<void> {
  try {
    await container.remove({ v: withVolumes, force: true, abortSignal: signal });
  } catch (error) {
    if (isGone(error)) return;
    if (!answerOf(error).includes("already in progress")) throw error;
    const limits = { timeoutMs: REMOVAL_TIMEOUT_MS, intervalMs: REMOVAL_INTERVAL_MS, signal };
    const gone = await poll(
      async () => ((await unlessGone(container.inspect())) === undefined ? true : undefined),
      limits,
    );
    if (gone === undefined) throw error;
  }
}

/** Cleans up with a signal of its own: the operation's may be the reason why it failed. */
async function removeHalfMade(container: Dockerode.Container, context: ResourceContext): Promise<void> {
  try {
    await remove(container, true, AbortSignal.timeout(REMOVAL_TIMEOUT_MS));
  } catch (error) {
    const id = container.id.slice(0, 12);
    context.log("warning", `the half-made container ${id} is left (${answerOf(error)}): docker rm -f ${id}`);
  }
}
