import { spawn, type ChildProcess } from "node:child_process";
import { createServer, type AddressInfo, type Server } from "node:net";
import { fileURLToPath } from "node:url";

const farSide = fileURLToPath(import.meta.resolve("./relay-far-side.ts"));

/** The words before a command that has to run elsewhere. */
export type EnteringWords = readonly [string, ...string[]];

/** Where a connection leads to, as seen from the other network. */
export interface RelayTarget {
  readonly port: number;
  readonly host: string;
}

/** Ports of this process's loopback that lead to another network's loopback, or to what can be reached from there. */
export class NetworkRelay implements Disposable {
  readonly #enter: () => EnteringWords;
  readonly #servers = new Map<string, Server>();
  #far: ChildProcess | undefined;

  /** @param enter - the words before a command that has to run in the other network. */
  constructor(enter: () => EnteringWords) {
    this.#enter = enter;
  }

  /**
   * The port here for a port there; the same one at every call.
   *
   * @param host - whose port it is, as seen from there; the other network's own loopback unless given.
   */
  async reach(port: number, host = "127.0.0.1"): Promise<number> {
    const server = this.#servers.get(`${host} ${port}`) ?? (await this.#listenFor({ port, host }));
    return (server.address() as AddressInfo).port;
  }

  /** Lets go of the other network, which may be gone; the next connection enters it anew. */
  leave(): void {
    this.#far?.disconnect();
    this.#far = undefined;
  }

  [Symbol.dispose](): void {
    this.leave();
    // Not waited for: that would be for word from the far side of connections that were its, and it is gone.
    for (const server of this.#servers.values()) server.close();
  }

  async #listenFor(target: RelayTarget): Promise<Server> {
    // Nothing is to be read of what the far side gets.
    const server = createServer({ pauseOnConnect: true }, (socket) => {
      this.#far ??= this.#startFarSide();
      this.#far.send(target, socket);
    });
    this.#servers.set(`${target.host} ${target.port}`, server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return server;
  }

  #startFarSide(): ChildProcess {
    const [file, ...words] = [...this.#enter(), process.execPath, farSide];
    return spawn(file, words, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  }
}
