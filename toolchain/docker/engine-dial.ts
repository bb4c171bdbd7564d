import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import http from "node:http";
import { Duplex } from "node:stream";

import type { EngineRoute } from "./engine-route.ts";
import { sshOptions } from "./ssh-options.ts";

/** A command whose standard streams are a connection to an engine. */
interface DialCommand {
  readonly file: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** As many connections to one engine as are open at a time; each is a login there. */
const mostConnections = 4;
const longestWords = 4000;

/** A connection to an engine ended with what ssh or the docker command said. */
export class EngineDialError extends Error {
  override readonly name = "EngineDialError";
  readonly code = "EENGINEDIAL";
  /** The command's own words. */
  readonly words: string;

  constructor(words: string) {
    super(words.trim() === "" ? "the connection to the engine ended" : words.trim());
    this.words = words;
  }
}

/** How a client of Docker's API reaches an engine. */
export type EngineConnection =
  | { readonly socketPath: string }
  | { readonly protocol: "http"; readonly host: string; readonly port: number; readonly agent?: http.Agent };

/** One agent an engine, so that a connection that stands is used again. */
const agents = new Map<string, DialAgent>();

/** The options of an HTTP client for that route. */
export function engineConnection(route: EngineRoute): EngineConnection {
  if (route.kind === "socket") return { socketPath: route.path };
  if (route.kind === "tcp") return { protocol: "http", host: route.host, port: route.port };
  const command = dialCommand(route);
  const key = JSON.stringify(command);
  const agent = agents.get(key) ?? new DialAgent(command);
  agents.set(key, agent);
  // The name is never looked up: the agent makes the connections.
  return { protocol: "http", host: "docker", port: 80, agent };
}

function dialCommand(route: Extract<EngineRoute, { kind: "ssh" | "client" }>): DialCommand {
  if (route.kind === "client") {
    return { file: "docker", args: ["system", "dial-stdio"], environment: route.environment };
  }
  const docker = route.socket === undefined ? "docker" : `docker --host unix://${route.socket}`;
  // The same command on the far side that the docker command itself runs there.
  const args = [...sshOptions, ...route.target, `${docker} system dial-stdio`];
  return { file: "ssh", args, environment: {} };
}

class DialAgent extends http.Agent {
  readonly #command: DialCommand;

  constructor(command: DialCommand) {
    super({ keepAlive: true, maxSockets: mostConnections });
    this.#command = command;
  }

  override createConnection(): Duplex {
    return new DialedConnection(this.#command);
  }
}

/** What keeps the process alive, or not. */
interface Refable {
  readonly ref: () => unknown;
  readonly unref: () => unknown;
}

/** A child's standard streams as the one stream that Node.js's HTTP client takes for a socket. */
class DialedConnection extends Duplex {
  readonly #child: ChildProcessWithoutNullStreams;
  #words = "";
  #timeoutMs = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor({ file, args, environment }: DialCommand) {
    super();
    const child = spawn(file, args, {
      stdio: "pipe",
      env: { ...process.env, ...environment },
      // A Ctrl-C is for the command that uses the connection; that one ends it in order.
      detached: true,
    });
    this.#child = child;
    child.stdout.on("data", (chunk: Buffer) => {
      this.#touch();
      if (!this.push(chunk)) child.stdout.pause();
    });
    child.stderr.on("data", (chunk: Buffer) => {
      this.#words = (this.#words + chunk.toString("utf8")).slice(-longestWords);
    });
    child.stdin.on("error", () => undefined); // the end of the child says why
    child.once("error", (error) => this.destroy(new EngineDialError(`${file}: ${error.message}`)));
    child.once("close", (exitCode) => {
      if (exitCode === 0) this.push(null);
      else this.destroy(new EngineDialError(this.#words));
    });
  }

  override _read(): void {
    this.#child.stdout.resume();
  }

  override _write(chunk: Buffer, encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#touch();
    this.#child.stdin.write(chunk, encoding, () => {
      done();
    });
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#child.stdin.end(() => {
      done();
    });
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    clearTimeout(this.#timer);
    this.#child.kill();
    done(error);
  }

  /** As a socket's: `timeout` is said after that time of silence. */
  setTimeout(timeoutMs: number, onTimeout?: () => void): this {
    this.#timeoutMs = timeoutMs;
    // As with a socket, none at all takes the listener off again: the next request has its own.
    if (onTimeout !== undefined && timeoutMs === 0) this.off("timeout", onTimeout);
    else if (onTimeout !== undefined) this.once("timeout", onTimeout);
    this.#touch();
    return this;
  }

  /** A pipe has nothing to set. */
  setKeepAlive(): this {
    return this;
  }

  /** A pipe has nothing to set. */
  setNoDelay(): this {
    return this;
  }

  ref(): this {
    this.#each((part) => part.ref());
    return this;
  }

  unref(): this {
    this.#each((part) => part.unref());
    return this;
  }

  #each(act: (part: Refable) => void): void {
    const { stdin, stdout, stderr } = this.#child;
    // A child's pipes are sockets, which the types don't say.
    for (const part of [this.#child, stdin, stdout, stderr]) act(part as unknown as Refable);
  }

  #touch(): void {
    clearTimeout(this.#timer);
    if (this.#timeoutMs === 0) return;
    this.#timer = setTimeout(() => this.emit("timeout"), this.#timeoutMs).unref();
  }
}
