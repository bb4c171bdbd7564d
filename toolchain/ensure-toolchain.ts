import path from "node:path";

import { ensureBaseImage } from "./base-image/ensure-base-image.ts";
import type { DockerFacts } from "./docker/docker-facts.ts";
import { namedEndpoint } from "./docker/engine-endpoints.ts";
import { clientEnvironment, isElsewhere } from "./docker/engine-route.ts";
import { ensureClient } from "./docker/ensure-client.ts";
import { ensureEngine, findLocalEngine } from "./docker/ensure-engine.ts";
import { pathWith } from "./on-path.ts";
import type { ProgressReporter } from "./progress.ts";
import { ensurePulumi } from "./pulumi/ensure-pulumi.ts";

/** A part of the toolchain that a command may need. */
export type ToolchainNeed = "docker" | "pulumi" | "base-image";

/** What a command asks for. */
export interface EnsureToolchainOptions<Need extends ToolchainNeed = ToolchainNeed> {
  /** The clone's top folder. */
  readonly root: string;
  readonly report: ProgressReporter;
  readonly signal: AbortSignal;
  readonly need: readonly Need[];
  /** The engine that will do and no other, as `DOCKER_HOST` has it or a Docker context's name. */
  readonly engine?: string | undefined;
}

/** The engine that the lab runs on. */
export interface DockerPart {
  /** The engine's address where the plain `docker` command goes elsewhere; undefined where it goes there too. */
  readonly dockerHost: string | undefined;
  /** The engine's address in every case, for a client that knows no contexts: `unix:///var/run/docker.sock`. */
  readonly engineUrl: string;
  readonly dockerInfo: DockerFacts;
  /** This machine's engine, where images are built for an engine that is elsewhere; undefined where there is none. */
  readonly imageSource: string | undefined;
}

/** The clone's Pulumi. */
export interface PulumiPart {
  /** The folder with `bin/pulumi`, as Automation API wants it. */
  readonly pulumiRoot: string;
  readonly pulumiHome: string;
  readonly plugins: "official" | "offline";
}

/** The image that the lab's images are built from. */
export interface BaseImagePart {
  readonly baseImage: string;
}

/** What every command gets. */
export interface CommonPart {
  /** The Node.js that runs this command. */
  readonly node: string;
  /** What a shell or a child process needs so that plain `pulumi` and `docker` use the same parts. */
  readonly environment: Readonly<Record<string, string>>;
}

type Missing<Part> = { readonly [Key in keyof Part]: undefined };

/** The parts that were asked for; what was not asked for is undefined. */
export type Toolchain<Need extends ToolchainNeed = ToolchainNeed> = CommonPart &
  ("docker" extends Need ? DockerPart : "base-image" extends Need ? DockerPart : Missing<DockerPart>) &
  ("pulumi" extends Need ? PulumiPart : Missing<PulumiPart>) &
  ("base-image" extends Need ? BaseImagePart : Missing<BaseImagePart>);

/**
 * Brings what the machine lacks of `need` and says what it found; where all is there it takes milliseconds. The
 * engine with the base image, and Pulumi, are brought side by side.
 * @throws ToolchainError for what a person has to do: its `code`, `hint` and `details` say what.
 */
export async function ensureToolchain<Need extends ToolchainNeed>(
  options: EnsureToolchainOptions<Need>,
): Promise<Toolchain<Need>> {
  const needs = new Set<ToolchainNeed>(options.need);
  const node = process.env["MAIL_LAB_NODE"] ?? process.execPath;
  const abort = new AbortController();
  const signal = AbortSignal.any([options.signal, abort.signal]);
  const [docker, pulumi] = await bothOrNeither(abort, [
    needs.has("docker") || needs.has("base-image")
      ? bringDocker({ ...options, signal }, needs.has("base-image"))
      : undefined,
    needs.has("pulumi") ? ensurePulumi({ ...options, node, signal }) : undefined,
  ]);
  const environment = {
    ...(docker?.dockerHost !== undefined && clientEnvironment(docker.dockerHost)),
    ...(pulumi && {
      PULUMI_HOME: pulumi.pulumiHome,
      PULUMI_SKIP_UPDATE_CHECK: "true",
      ...(pulumi.plugins === "offline" && {
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
        // A plugin on PATH would go before the stand-ins.
        PULUMI_IGNORE_AMBIENT_PLUGINS: "true",
      }),
    }),
    PATH: searchPath({ node, pulumiBin: pulumi?.binFolder, clientFolder: docker?.clientFolder }),
  };
  const toolchain: CommonPart & { [Key in keyof (DockerPart & PulumiPart & BaseImagePart)]: unknown } = {
    node,
    environment,
    dockerHost: docker?.dockerHost,
    engineUrl: docker?.engineUrl,
    dockerInfo: docker?.dockerInfo,
    imageSource: docker?.imageSource,
    pulumiRoot: pulumi && path.dirname(pulumi.binFolder),
    pulumiHome: pulumi?.pulumiHome,
    plugins: pulumi?.plugins,
    baseImage: docker?.baseImage,
  };
  // The compiler can't follow that each part was brought exactly where `Need` names it.
  return toolchain as Toolchain<Need>;
}

async function bringDocker(
  options: EnsureToolchainOptions,
  isBaseImageNeeded: boolean,
): Promise<DockerPart & { clientFolder: string; baseImage: string | undefined }> {
  const { root, report, signal } = options;
  const pinned = options.engine === undefined ? undefined : namedEndpoint(options.engine);
  const engine = await ensureEngine(report, signal, pinned);
  const clientFolder = await ensureClient(report, signal);
  const engineUrl = engine.endpoint.url;
  const dockerHost = engine.endpoint.isClientDefault ? undefined : engineUrl;
  const source = isBaseImageNeeded && isElsewhere(engineUrl) ? await findLocalEngine(signal) : undefined;
  const builder = source ?? engine;
  const baseImage = isBaseImageNeeded
    ? await ensureBaseImage({
        root,
        engine: builder,
        client: path.join(clientFolder, "docker"),
        clientEnvironment: clientEnvironment(builder.endpoint.url),
        report,
        signal,
      })
    : undefined;
  const imageSource = source?.endpoint.url;
  return { dockerHost, engineUrl, dockerInfo: engine.facts, clientFolder, baseImage, imageSource };
}

/** Waits for both; when one fails the other is stopped and waited for, so nothing works on behind an error. */
async function bothOrNeither<A, B>(
  abort: AbortController,
  works: readonly [Promise<A> | undefined, Promise<B> | undefined],
): Promise<[A | undefined, B | undefined]> {
  let failure: { readonly error: unknown } | undefined;
  const stopOther = (error: unknown): undefined => {
    failure ??= { error };
    abort.abort(error);
  };
  const results: [A | undefined, B | undefined] = await Promise.all([
    works[0]?.catch(stopOther),
    works[1]?.catch(stopOther),
  ]);
  if (failure) throw failure.error;
  return results;
}

/** Folders that PATH has already keep their order: only what it lacks goes to the front. */
function searchPath(folders: {
  readonly node: string;
  readonly pulumiBin: string | undefined;
  readonly clientFolder: string | undefined;
}): string {
  const current = process.env["PATH"] ?? "";
  const known = new Set(current.split(path.delimiter));
  const missing = [path.dirname(folders.node), folders.clientFolder].filter(
    (folder) => folder !== undefined && !known.has(folder),
  );
  const first = [folders.pulumiBin, ...missing].filter((folder) => folder !== undefined);
  return pathWith(first, current);
}
