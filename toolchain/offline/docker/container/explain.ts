import type Dockerode from "dockerode";
import type { PropertyMap } from "../../provider/resource.ts";
import type { PluginError } from "../../rpc/plugin-error.ts";
import { answerOf, describeLabels, refusal } from "../docker-answer.ts";
import { asNumber, asRecords, asText } from "../table/values.ts";

/** Why a container can't be created or started, with who holds what it needs. */
export async function explainContainer(
  docker: Dockerode,
  attempt: string,
  inputs: PropertyMap,
  error: unknown,
): Promise<PluginError> {
  const answer = answerOf(error);
  const code = "OFFLINE_DOCKER_CONTAINER_CREATE";
  const hint = await findHint(docker, inputs, answer).catch(() => undefined);
  return refusal(code, attempt, error, hint);
}

async function findHint(docker: Dockerode, inputs: PropertyMap, answer: string): Promise<string | undefined> {
  const name = asText(inputs["name"]);
  if (/container name .* is already in use/iu.test(answer)) {
    const holder = await docker.getContainer(name).inspect();
    return (
      `The name belongs to container ${holder.Id.slice(0, 12)} (${describeLabels(holder.Config.Labels)}). ` +
      `Remove that one if nobody needs it (docker rm -f ${name}) or choose another name.`
    );
  }
  if (/port is already allocated|bind: /iu.test(answer)) return portHint(docker, inputs, answer);
  // A container takes its addresses when it starts, so this comes late.
  for (const network of asRecords(inputs["networksAdvanced"])) {
    const hint = await networkHint(docker, network, answer);
    if (hint !== undefined) return hint;
  }
  return undefined;
}

async function portHint(docker: Dockerode, inputs: PropertyMap, answer: string): Promise<string> {
  const wanted = asRecords(inputs["ports"]).map((port) => asNumber(port["external"]));
  const named = Number(/:(\d+)(?: failed|: )/u.exec(answer)?.[1]);
  const port = wanted.includes(named) ? named : undefined;
  const ports = port === undefined ? wanted : [port];
  const containers = await docker.listContainers();
  const holder = containers.find((container) =>
    container.Ports.some((published) => ports.includes(published.PublicPort)),
  );
  const which = port === undefined ? "A port" : `Port ${port}`;
  const holderName = (holder?.Names[0] ?? "").replace(/^\//u, "");
  return holder === undefined
    ? `${which} is held by a program outside Docker (ss -ltnp shows which). Stop that, or publish another port.`
    : `${which} is held by container ${holderName} (${describeLabels(holder.Labels)}). Stop that one, or publish another port.`;
}

/** Why a container can't be attached to a network, with who holds its address. */
export async function explainConnection(
  docker: Dockerode,
  container: string,
  network: PropertyMap,
  error: unknown,
): Promise<PluginError> {
  const attempt = `container ${container} can't be attached to network ${asText(network["name"])}`;
  const hint = await networkHint(docker, network, answerOf(error)).catch(() => undefined);
  return refusal("OFFLINE_DOCKER_NETWORK_CONNECT", attempt, error, hint);
}

async function networkHint(
  docker: Dockerode,
  network: PropertyMap,
  answer: string,
): Promise<string | undefined> {
  const name = asText(network["name"]);
  const address = asText(network["ipv4Address"]);
  if (answer.includes(`network ${name} not found`)) {
    return `There is no network ${name} any more. Run pulumi refresh, then the update again.`;
  }
  if (!/^address already in use/iu.test(answer) || address === "") return undefined;
  const live: Dockerode.NetworkInspectInfo = await docker.getNetwork(name).inspect();
  const holder = Object.values(live.Containers ?? {}).find((entry) =>
    entry.IPv4Address.startsWith(`${address}/`),
  );
  if (holder === undefined) return undefined;
  return `${address} on network ${name} is held by container ${holder.Name}. Remove that one, or choose another address.`;
}
