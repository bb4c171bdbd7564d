import type Dockerode from "dockerode";
import type { PropertyMap } from "../provider/resource.ts";
import { PluginError } from "../rpc/plugin-error.ts";
import { asText } from "./table/values.ts";

/** Where Docker listens when nobody says otherwise. */
const DEFAULT_HOST = "unix:///var/run/docker.sock";
/** Docker's port without TLS. */
const DEFAULT_PORT = 2375;

/** The engine that a provider's configuration names: its `host`, else `DOCKER_HOST`, else the local socket. */
export function dockerHost(config: PropertyMap, environment: NodeJS.ProcessEnv = process.env): string {
  const fromEnvironment = environment["DOCKER_HOST"] ?? "";
  return asText(config["host"]) || fromEnvironment || DEFAULT_HOST;
}

/**
 * How to reach a Docker host.
 * @throws PluginError `OFFLINE_DOCKER_HOST_UNSUPPORTED` for a scheme that the offline plugin does not speak.
 */
export function connectionOptions(host: string): Dockerode.DockerOptions {
  if (host.startsWith("unix://")) return { socketPath: host.slice("unix://".length) };
  const url = URL.parse(host);
  if (url !== null && (url.protocol === "tcp:" || url.protocol === "http:")) {
    return { protocol: "http", host: url.hostname, port: url.port === "" ? DEFAULT_PORT : Number(url.port) };
  }
  throw new PluginError(
    "OFFLINE_DOCKER_HOST_UNSUPPORTED",
    `the Docker host ${host} is not in the offline plugin: it speaks unix:// and tcp:// alone`,
    {
      hint: "Forward the engine's socket (ssh -L /tmp/docker.sock:/var/run/docker.sock HOST) and set host to unix:///tmp/docker.sock, or use the official plugin.",
    },
  );
}

/** Opens Docker connections. The client library takes a third of a second to load, so only a real operation loads it. */
export class DockerClients {
  readonly #clients = new Map<string, Promise<Dockerode>>();

  /** The client for the engine that `config` names. */
  open(config: PropertyMap): Promise<Dockerode> {
    const host = dockerHost(config);
    const options = connectionOptions(host);
    const known = this.#clients.get(host);
    if (known !== undefined) return known;
    const opened = import("dockerode").then(({ default: Docker }) => new Docker(options));
    this.#clients.set(host, opened);
    return opened;
  }
}
