import Docker from "dockerode";
import { engineConnection } from "../../toolchain/docker/engine-dial.ts";
import { labelNames } from "../model/labels.ts";
import { requireRoute } from "./docker-engine.ts";

/** What an engine says of a lab's container the moment it happens. */
export interface ContainerEvent {
  /** The node's name in the lab. */
  readonly node: string;
  /** The engine's word: `start`, `die`, `destroy`, `pause`, … */
  readonly action: string;
}

/** What changes the state of a container; what is done in it is none of it. */
const actions = ["create", "start", "restart", "die", "stop", "kill", "pause", "unpause", "destroy"];

/**
 * Tells what happens to a stack's containers until the engine ends the stream or the signal aborts, which is no error.
 *
 * @param onEvent - told each event as it happens.
 * @throws what the engine's client throws where there is no answer.
 */
export async function followContainers(
  host: string,
  stack: string,
  { signal, onEvent }: { readonly signal: AbortSignal; readonly onEvent: (event: ContainerEvent) => void },
): Promise<void> {
  // No deadline: a stream on which nothing happens is silent.
  const docker = new Docker(engineConnection(requireRoute(host)));
  const label = [`${labelNames.stack}=${stack}`];
  const filters = JSON.stringify({ type: ["container"], event: actions, label });
  const stream: NodeJS.ReadableStream & { destroy?: () => void } = await docker.getEvents({ filters });
  const { promise: over, resolve } = Promise.withResolvers<undefined>();
  const end = (): void => {
    resolve(undefined);
  };
  stream.on("end", end).on("close", end).on("error", end);
  stream.on("data", eventReader(onEvent));
  signal.addEventListener("abort", end, { once: true });
  try {
    if (!signal.aborted) await over;
  } finally {
    signal.removeEventListener("abort", end);
    stream.destroy?.();
  }
}

/** Reads the stream's lines, each of which is an event. */
function eventReader(onEvent: (event: ContainerEvent) => void): (chunk: Buffer) => void {
  let pending = "";
  return (chunk) => {
    const lines = (pending + chunk.toString("utf8")).split("\n");
    pending = lines.pop() ?? "";
    for (const line of lines) {
      const event = JSON.parse(line) as {
        Action?: string;
        Actor?: { Attributes?: Record<string, string> };
      };
      const node = event.Actor?.Attributes?.[labelNames.node];
      if (node !== undefined && event.Action !== undefined) onEvent({ node, action: event.Action });
    }
  };
}
