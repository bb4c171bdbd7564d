import type Dockerode from "dockerode";
import type { PropertyMap, ResourceContext } from "../../provider/resource.ts";
import { PluginError } from "../../rpc/plugin-error.ts";
import { answerOf, refusal, statusOf } from "../docker-answer.ts";
import { poll } from "../poll.ts";
import { asNumber, asRecords, asText, asTexts, isZero } from "../table/values.ts";
import { explainConnection, explainContainer } from "./explain.ts";

/** The network that Docker puts a new container on. */
const DEFAULT_BRIDGE = "bridge";
const HEALTH_INTERVAL_MS = 250;
/** Lines of a container's output that an error shows. */
const LAST_LINES = 20;

/** Takes a new container off the default bridge and attaches it to each of its networks. */
export async function connectNetworks(
  docker: Dockerode,
  container: Dockerode.Container,
  inputs: PropertyMap,
  context: ResourceContext,
): Promise<void> {
  const networks = asRecords(inputs["networksAdvanced"]);
  if (networks.length === 0) return;
  await leaveDefaultBridge(docker, container, asText(inputs["name"]));
  for (const network of networks) {
    const name = asText(network["name"]);
    context.status(`attaching to network ${name}`);
    try {
      context.signal.throwIfAborted();
      const request = { Container: container.id, EndpointConfig: endpointOf(network) };
      await docker.getNetwork(name).connect(request);
    } catch (error) {
      context.signal.throwIfAborted();
      throw await explainConnection(docker, asText(inputs["name"]), network, error);
    }
  }
}

async function leaveDefaultBridge(
  docker: Dockerode,
  container: Dockerode.Container,
  name: string,
): Promise<void> {
  try {
    await docker.getNetwork(DEFAULT_BRIDGE).disconnect({ Container: container.id });
  } catch (error) {
    if (answerOf(error).includes("is not connected to")) return;
    throw refusal(
      "OFFLINE_DOCKER_NETWORK_DISCONNECT",
      `container ${name} can't leave the default bridge`,
      error,
    );
  }
}

function endpointOf(network: PropertyMap): Dockerode.EndpointSettings {
  const options = asTexts(network["driverOpts"]).map((line) => {
    const [name = "", ...value] = line.split("=");
    return [name, value.join("=")] as const;
  });
  const endpoint: Dockerode.EndpointSettings = {
    Aliases: asTexts(network["aliases"]),
    IPAMConfig: {
      ...(isZero(network["ipv4Address"]) ? {} : { IPv4Address: asText(network["ipv4Address"]) }),
      ...(isZero(network["ipv6Address"]) ? {} : { IPv6Address: asText(network["ipv6Address"]) }),
      ...(isZero(network["linkLocalIps"]) ? {} : { LinkLocalIPs: asTexts(network["linkLocalIps"]) }),
    },
  };
  if (!isZero(network["macAddress"])) endpoint.MacAddress = asText(network["macAddress"]);
  if (options.length > 0) endpoint.DriverOpts = Object.fromEntries(options);
  // Engines before 28 don't know it.
  return isZero(network["gwPriority"])
    ? endpoint
    : Object.assign(endpoint, { GwPriority: network["gwPriority"] });
}

/** Starts a container and, where `wait` says so, waits until it is healthy. */
export async function startContainer(
  docker: Dockerode,
  container: Dockerode.Container,
  inputs: PropertyMap,
  context: ResourceContext,
): Promise<void> {
  const name = asText(inputs["name"]);
  context.status(`starting container ${name}`);
  try {
    await container.start({ abortSignal: context.signal });
  } catch (error) {
    context.signal.throwIfAborted();
    // 304: it runs already.
    if (statusOf(error) !== 304) {
      throw await explainContainer(docker, `container ${name} can't be started`, inputs, error);
    }
  }
  if (inputs["wait"] === true)
    await waitUntilHealthy(container, name, asNumber(inputs["waitTimeout"]), context);
}

async function waitUntilHealthy(
  container: Dockerode.Container,
  name: string,
  timeoutSeconds: number,
  context: ResourceContext,
): Promise<void> {
  context.status(`waiting for container ${name} to be healthy`);
  const seen = { status: "starting", lastCheck: "" };
  const look = async (): Promise<true | undefined> => {
    const { State: state } = await container.inspect({ abortSignal: context.signal });
    if (!state.Running) {
      throw await sick(
        container,
        `container ${name} ended with exit code ${state.ExitCode} before it was healthy`,
      );
    }
    if (state.Health === undefined) {
      throw new PluginError(
        "OFFLINE_DOCKER_NO_HEALTHCHECK",
        `container ${name} has wait but no health check`,
        {
          hint: "Give it a healthcheck, or leave wait out.",
        },
      );
    }
    seen.status = state.Health.Status;
    seen.lastCheck = state.Health.Log.at(-1)?.Output.trim() ?? "";
    return seen.status === "healthy" ? true : undefined;
  };
  const limits = { timeoutMs: timeoutSeconds * 1000, intervalMs: HEALTH_INTERVAL_MS, signal: context.signal };
  if ((await poll(look, limits)) !== undefined) return;
  const check = seen.lastCheck === "" ? "" : `; its last check said: ${seen.lastCheck}`;
  throw await sick(
    container,
    `container ${name} is not healthy after ${timeoutSeconds} s but ${seen.status}${check}`,
  );
}

async function sick(container: Dockerode.Container, message: string): Promise<PluginError> {
  const lines = await lastLines(container).catch(() => []);
  const shown =
    lines.length === 0
      ? "It wrote nothing."
      : `Its last lines:${lines.map((line) => `\n  ${line}`).join("")}`;
  return new PluginError("OFFLINE_DOCKER_UNHEALTHY", message, { hint: shown });
}

async function lastLines(container: Dockerode.Container): Promise<string[]> {
  const { Config: config } = await container.inspect();
  const log = await container.logs({ stdout: true, stderr: true, tail: LAST_LINES });
  const text = config.Tty ? log.toString("utf8") : withoutFrames(log).toString("utf8");
  return text.split("\n").filter((line) => line.trim() !== "");
}

/** Bytes of the header that Docker puts before each piece of output of a container without a terminal. */
const FRAME_HEADER_BYTES = 8;
const FRAME_SIZE_OFFSET = 4;

function withoutFrames(log: Buffer): Buffer {
  const pieces: Buffer[] = [];
  let at = 0;
  while (at + FRAME_HEADER_BYTES <= log.length) {
    const end = at + FRAME_HEADER_BYTES + log.readUInt32BE(at + FRAME_SIZE_OFFSET);
    pieces.push(log.subarray(at + FRAME_HEADER_BYTES, end));
    at = end;
  }
  return Buffer.concat(pieces);
}
