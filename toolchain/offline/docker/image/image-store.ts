import type Dockerode from "dockerode";
import type { ResourceContext } from "../../provider/resource.ts";
import { refusal, unlessGone } from "../docker-answer.ts";
import { followProgress } from "./progress.ts";
import type { ImageLive } from "./table.ts";

/** The image of that name or id on the engine, if it is there. */
export function findImage(docker: Dockerode, name: string): Promise<ImageLive | undefined> {
  return unlessGone(docker.getImage(name).inspect());
}

/**
 * The image of that name, pulled where the engine hasn't it.
 * @throws PluginError `OFFLINE_DOCKER_PULL` when it can't be had.
 */
export async function requireImage(
  docker: Dockerode,
  name: string,
  platform: string,
  context: ResourceContext,
): Promise<ImageLive> {
  const found = await findImage(docker, name);
  if (found !== undefined) return found;
  context.status(`pulling image ${name}`);
  try {
    const { signal } = context;
    const options = { abortSignal: signal, ...(platform === "" ? {} : { platform }) };
    const response = await docker.pull(name, options);
    await followProgress(response, signal, (event) => {
      const line = [event.id, event.status, event.progress].filter((part) => part !== undefined).join(" ");
      if (line !== "") context.status(line);
    });
    return await docker.getImage(name).inspect();
  } catch (error) {
    context.signal.throwIfAborted();
    throw refusal(
      "OFFLINE_DOCKER_PULL",
      `image ${name} is not on the engine and can't be pulled`,
      error,
      "Build it or load it first (docker load), or see that the engine reaches its registry. The offline plugin logs in nowhere: docker pull does.",
    );
  }
}
