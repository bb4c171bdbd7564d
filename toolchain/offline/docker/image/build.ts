import { parse } from "node:path";
import type Dockerode from "dockerode";
import type { PropertyMap, ResourceContext } from "../../provider/resource.ts";
import { PluginError } from "../../rpc/plugin-error.ts";
import { refusal } from "../docker-answer.ts";
import { asNumber, asText, asTextMap, asTexts, isZero } from "../table/values.ts";
import { packContext } from "./build-context.ts";
import { followProgress } from "./progress.ts";

/** Lines of a failed build's output that its error shows. */
const LAST_LINES = 20;

/**
 * Builds an image and tags it with `name` and the block's `tags`; every line of the build's output is shown.
 * @throws PluginError `OFFLINE_DOCKER_BUILD` with the last lines of the output.
 */
export async function buildImage(
  docker: Dockerode,
  name: string,
  build: PropertyMap,
  context: ResourceContext,
): Promise<void> {
  const source = await packContext(asText(build["context"]), asText(build["dockerfile"]) || "Dockerfile");
  const lines: string[] = [];
  try {
    const options = { ...buildOptions(build), t: name, dockerfile: source.dockerfile };
    const [response] = await Promise.all([
      docker.buildImage(source.archive as NodeJS.ReadableStream, { ...options, abortSignal: context.signal }),
      source.packed,
    ]);
    await followProgress(response, context.signal, (event) => {
      for (const line of (event.stream ?? event.status ?? "").split("\n")) {
        if (line.trim() === "") continue;
        lines.push(line.trimEnd());
        context.status(line.trim());
      }
    });
    await tagImage(docker, name, asTexts(build["tags"]));
  } catch (error) {
    context.signal.throwIfAborted();
    if (error instanceof PluginError) throw error;
    const tail = lines.slice(-LAST_LINES).map((line) => `\n  ${line}`);
    throw refusal(
      "OFFLINE_DOCKER_BUILD",
      `image ${name} can't be built from ${parse(asText(build["context"])).base}`,
      error,
      `The build's last lines:${tail.join("")}`,
    );
  }
}

/** Gives an image more names. */
export async function tagImage(docker: Dockerode, name: string, tags: readonly string[]): Promise<void> {
  for (const tag of tags) {
    const [, repo = tag, version = "latest"] = /^(.+?)(?::([^:/]+))?$/u.exec(tag) ?? [];
    await docker.getImage(name).tag({ repo, tag: version });
  }
}

/** The block's fields by their names in Docker's API; what was left out is left to Docker. */
function buildOptions(build: PropertyMap): Dockerode.ImageBuildOptions {
  const labels = { ...asTextMap(build["label"]), ...asTextMap(build["labels"]) };
  const options = {
    buildargs: asTextMap(build["buildArgs"]),
    labels,
    cgroupparent: asText(build["cgroupParent"]),
    cpuperiod: asNumber(build["cpuPeriod"]),
    cpuquota: asNumber(build["cpuQuota"]),
    cpusetcpus: asText(build["cpuSetCpus"]),
    cpusetmems: asText(build["cpuSetMems"]),
    cpushares: asNumber(build["cpuShares"]),
    extrahosts: asTexts(build["extraHosts"]).join(","),
    memory: asNumber(build["memory"]),
    memswap: asNumber(build["memorySwap"]),
    networkmode: asText(build["networkMode"]),
    nocache: build["noCache"] === true,
    platform: asText(build["platform"]),
    pull: build["pullParent"] === true,
    q: build["suppressOutput"] === true,
    shmsize: asNumber(build["shmSize"]),
    squash: build["squash"] === true,
    target: asText(build["target"]),
  };
  const given = Object.entries(options).filter(([, value]) => !isZero(value));
  // A build that fails leaves no container either: Docker's own builder of today leaves none.
  const isCleaned = build["remove"] !== false || build["forceRemove"] === true;
  return { ...Object.fromEntries(given), rm: isCleaned, forcerm: isCleaned };
}
