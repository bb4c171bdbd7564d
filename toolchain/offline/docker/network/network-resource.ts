import type Dockerode from "dockerode";
import type { PropertyMap, Resource, ResourceContext } from "../../provider/resource.ts";
import { PluginError } from "../../rpc/plugin-error.ts";
import type { DockerClients } from "../client.ts";
import { answerOf, describeLabels, isGone, refusal, unlessGone } from "../docker-answer.ts";
import { poll } from "../poll.ts";
import { TableResource } from "../table/table-resource.ts";
import { asRecords, asText } from "../table/values.ts";
import { overlaps } from "./subnet.ts";
import { networkTable, type NetworkBody, type NetworkLive } from "./table.ts";

/** How long a network may still have containers attached when it is to go. */
const REMOVAL_TIMEOUT_MS = 30_000;
const REMOVAL_INTERVAL_MS = 250;

/** `docker:index/network:Network` on a Docker engine. */
export class NetworkResource extends TableResource<NetworkBody, NetworkLive> implements Resource {
  readonly #clients: DockerClients;

  constructor(clients: DockerClients) {
    super(networkTable);
    this.#clients = clients;
  }

  async create(inputs: PropertyMap, context: ResourceContext): Promise<{ id: string; state: PropertyMap }> {
    const docker = await this.#clients.open(context.config);
    const body = this.writeBody(inputs, { Name: "", IPAM: {} });
    context.status(`creating network ${body.Name}`);
    const { signal } = context;
    try {
      // Engines before 25 would make a second network of the same name.
      const options = { ...body, CheckDuplicate: true, abortSignal: signal };
      const { id } = await docker.createNetwork(options);
      const live = await inspect(docker.getNetwork(id));
      return { id, state: this.readState(inputs, live, id) };
    } catch (error) {
      throw await explainCreation(docker, body, inputs, error);
    }
  }

  async read(
    request: { readonly id: string; readonly state: PropertyMap; readonly inputs: PropertyMap },
    context: ResourceContext,
  ): ReturnType<Resource["read"]> {
    const docker = await this.#clients.open(context.config);
    const live = await unlessGone(inspect(docker.getNetwork(request.id)));
    return live && this.refreshed(request, live, live.Id);
  }

  update(): Promise<PropertyMap> {
    return Promise.reject(new Error("a network has nothing that can be changed in place"));
  }

  async delete(
    request: { readonly id: string; readonly state: PropertyMap },
    context: ResourceContext,
  ): Promise<void> {
    const docker = await this.#clients.open(context.config);
    const name = asText(request.state["name"]);
    const network = docker.getNetwork(request.id);
    context.status(`removing network ${name}`);
    const remove = async (): Promise<true | undefined> => {
      try {
        await network.remove({ abortSignal: context.signal });
        return true;
      } catch (error) {
        if (isGone(error)) return true;
        if (answerOf(error).includes("active endpoints")) return undefined;
        throw refusal("OFFLINE_DOCKER_NETWORK_REMOVE", `network ${name} can't be removed`, error);
      }
    };
    const limits = { timeoutMs: REMOVAL_TIMEOUT_MS, intervalMs: REMOVAL_INTERVAL_MS, signal: context.signal };
    if ((await poll(remove, limits)) !== undefined) return;
    const attached = await attachedTo(network);
    throw new PluginError(
      "OFFLINE_DOCKER_NETWORK_IN_USE",
      `network ${name} can't be removed: after ${REMOVAL_TIMEOUT_MS / 1000} s containers are still attached to it: ${attached.join(", ")}`,
      {
        hint: `Disconnect them (docker network disconnect ${name} CONTAINER) or remove them, then try again.`,
      },
    );
  }
}

async function inspect(network: Dockerode.Network): Promise<NetworkLive> {
  return await network.inspect();
}

async function attachedTo(network: Dockerode.Network): Promise<string[]> {
  const live = await inspect(network);
  return Object.values(live.Containers ?? {}).map((container) => container.Name);
}

async function explainCreation(
  docker: Dockerode,
  body: NetworkBody,
  inputs: PropertyMap,
  error: unknown,
): Promise<PluginError> {
  const attempt = `network ${body.Name} can't be created`;
  const code = "OFFLINE_DOCKER_NETWORK_CREATE";
  const answer = answerOf(error);
  const isClash = /overlap/iu.test(answer);
  const isTaken = /already exists/iu.test(answer);
  if (!isClash && !isTaken) return refusal(code, attempt, error);
  const networks = await docker.listNetworks();
  const subnets = asRecords(inputs["ipamConfigs"]).map((config) => asText(config["subnet"]));
  const other = networks.find((network) =>
    isTaken
      ? network.Name === body.Name
      : (network.IPAM?.Config ?? []).some((config) =>
          subnets.some((subnet) => overlaps(subnet, config["Subnet"] ?? "")),
        ),
  );
  if (other === undefined) {
    return refusal(
      code,
      attempt,
      error,
      "Choose another subnet: the machine has a route to this one already.",
    );
  }
  const holder = `network ${other.Name} (${describeLabels(other.Labels)})`;
  return refusal(
    code,
    attempt,
    error,
    isTaken
      ? `The name belongs to ${holder}. Remove that one if nobody needs it (docker network rm ${other.Name}) or choose another name.`
      : `The subnet ${subnets.join(", ")} is held by ${holder}. Take that one down, or choose another subnet.`,
  );
}
