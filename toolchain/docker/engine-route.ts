/** How an engine is reached. */
export type EngineRoute =
  /** A socket of this machine. */
  | { readonly kind: "socket"; readonly path: string }
  /** Docker's API in the clear. */
  | { readonly kind: "tcp"; readonly host: string; readonly port: number }
  /** By the system's ssh, which knows the person's keys, aliases and known hosts. */
  | { readonly kind: "ssh"; readonly target: readonly string[]; readonly socket: string | undefined }
  /** By the docker command, which alone knows the certificates: TLS, and contexts by name. */
  | { readonly kind: "client"; readonly environment: Readonly<Record<string, string>> };

/** Docker's port without TLS (IANA: docker), and with it (docker-s). */
const plainPort = 2375;
const tlsPort = 2376;
const defaultSocket = "/var/run/docker.sock";
/** A context's name as `docker context create` takes it. */
const contextName = /^[a-zA-Z0-9][a-zA-Z0-9_.+-]+$/;

/**
 * How an engine is reached, or undefined where its name is none.
 *
 * @param engine - as `DOCKER_HOST` has it, or the name of a Docker context; empty or `default` for the machine's own socket.
 * @param environment - where the docker command looks for TLS.
 */
export function engineRoute(
  engine: string,
  environment: NodeJS.ProcessEnv = process.env,
): EngineRoute | undefined {
  if (engine === "" || engine === "default") return { kind: "socket", path: defaultSocket };
  if (!engine.includes("://")) {
    return contextName.test(engine) ? { kind: "client", environment: clientEnvironment(engine) } : undefined;
  }
  const url = URL.parse(engine);
  if (url === null) return undefined;
  if (url.protocol === "unix:") {
    return url.pathname.length > 1 ? { kind: "socket", path: url.pathname } : undefined;
  }
  if (url.protocol === "npipe:") return { kind: "client", environment: clientEnvironment(engine) };
  if (url.hostname === "") return undefined;
  if (url.protocol === "ssh:") {
    // What the docker command takes too: no password in an address, no host that ssh would read as an option.
    const user = decodeURIComponent(url.username);
    if (url.password !== "" || url.hostname.startsWith("-") || user.startsWith("-")) return undefined;
    return {
      kind: "ssh",
      target: [
        ...(user === "" ? [] : ["-l", user]),
        ...(url.port === "" ? [] : ["-p", url.port]),
        "--",
        bareHost(url.hostname),
      ],
      socket: url.pathname.length > 1 ? url.pathname : undefined,
    };
  }
  if (url.protocol === "https:" || (url.protocol === "tcp:" && wantsTls(environment))) {
    return { kind: "client", environment: clientEnvironment(engine) };
  }
  if (url.protocol !== "tcp:" && url.protocol !== "http:") return undefined;
  // Docker's port for TLS in the clear is a mistake; the docker command says in its own words what is missing.
  const port = url.port === "" ? plainPort : Number(url.port);
  if (port === tlsPort) return { kind: "client", environment: clientEnvironment(engine) };
  return { kind: "tcp", host: bareHost(url.hostname), port };
}

/** Whether the engine is on another machine, so that its loopback is not this one's. */
export function isElsewhere(engine: string, environment: NodeJS.ProcessEnv = process.env): boolean {
  const route = engineRoute(engine, environment);
  if (route === undefined || route.kind === "socket") return false;
  if (route.kind === "tcp") return !isLoopback(route.host);
  const host = engine.includes("://") ? (URL.parse(engine)?.hostname ?? "") : undefined;
  // An address of the loopback that ssh goes to is a forwarded port or another machine's, and ssh finds its way.
  return route.kind === "ssh" || host === undefined || (host !== "" && !isLoopback(bareHost(host)));
}

/** What makes the docker command go to that engine, whatever the shell says. */
export function clientEnvironment(engine: string): Readonly<Record<string, string>> {
  if (engine === "") return {};
  // An address goes before a context, a context not before an address.
  return engine.includes("://") ? { DOCKER_HOST: engine } : { DOCKER_HOST: "", DOCKER_CONTEXT: engine };
}

function wantsTls(environment: NodeJS.ProcessEnv): boolean {
  return Boolean(environment["DOCKER_TLS_VERIFY"]) || Boolean(environment["DOCKER_TLS"]);
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/** An IPv6 address without its brackets. */
function bareHost(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/, "$1");
}
