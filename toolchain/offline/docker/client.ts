import type Dockerode from "dockerode";
import { engineConnection } from "../../docker/engine-dial.ts";
import { engineRoute } from "../../docker/engine-route.ts";
import type { PropertyMap } from "../provider/resource.ts";
import { PluginError } from "../rpc/plugin-error.ts";
import { asText } from "./table/values.ts";

/** Where Docker listens when nobody says otherwise. */
const DEFAULT_HOST = "unix:///var/run/docker.sock";

/**
 * The engine that a provider's configuration names: its `host` or `context`, else `DOCKER_HOST`, else the local socket.
 */
export function dockerHost(config: PropertyMap, environment: NodeJS.ProcessEnv): string {
  const fromEnvironment = environment["DOCKER_HOST"] ?? "";
  return asText(config["host"]) || asText(config["context"]) || fromEnvironment || DEFAULT_HOST;
}

/**
 * How to reach a Docker host.
 * @throws PluginError `OFFLINE_DOCKER_HOST_UNSUPPORTED` for an address that the offline plugin does not know.
 */
export function connectionOptions(host: string): Dockerode.DockerOptions {
  const route = engineRoute(host);
  if (route !== undefined) return engineConnection(route);
  throw new PluginError(
    "OFFLINE_DOCKER_HOST_UNSUPPORTED",
    `the Docker host ${host} is not in the offline plugin: it speaks unix://, tcp:// and ssh://, and knows Docker contexts by name`,
    {
      hint: "docker context ls lists the contexts; set host to unix://PATH, tcp://HOST:PORT or ssh://USER@HOST.",
    },
  );
}

/** Opens Docker connections. The client library takes a third of a second to load, so only a real operation loads it. */
export class DockerClients {
  readonly #environment: NodeJS.ProcessEnv;
  readonly #clients = new Map<string, Promise<Dockerode>>();

  /** @param environment - says which engine it is where a provider's configuration does not. */
  constructor(environment: NodeJS.ProcessEnv = process.env) {
    this.#environment = environment;
  }

  /** The client for the engine that `config` names. */
  open(config: PropertyMap): Promise<Dockerode> {
    const host = dockerHost(config, this.#environment);
    const options = connectionOptions(host);
    const known = this.#clients.get(host);
    if (known !== undefined) return known;
    const opened = import("dockerode").then(({ default: Docker }) => new Docker(options));
    this.#clients.set(host, opened);
    return opened;
  }
}
