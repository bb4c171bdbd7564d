import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { createServer, type Server } from "node:net";
import type { AddressInfo } from "node:net";

/** A program of the machine that listens on all of its addresses, by TCP and UDP: what a lab must not reach. */
export class MachineListener implements AsyncDisposable {
  /** Words that came in datagrams, in order. */
  readonly words: string[] = [];
  /** Addresses from which somebody has connected. */
  readonly visitors: string[] = [];
  readonly #datagrams: Socket;
  readonly #server: Server;

  private constructor() {
    this.#datagrams = createSocket("udp4");
    this.#datagrams.on("message", (word) => this.words.push(word.toString()));
    this.#server = createServer((socket) => {
      this.visitors.push(socket.remoteAddress ?? "");
      socket.destroy();
    });
  }

  static async open(): Promise<MachineListener> {
    const listener = new MachineListener();
    // Without a host: on all addresses, IPv6 too where the machine has it.
    listener.#server.listen(0);
    listener.#datagrams.bind(0, "0.0.0.0");
    await Promise.all([once(listener.#server, "listening"), once(listener.#datagrams, "listening")]);
    return listener;
  }

  get tcpPort(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get udpPort(): number {
    return this.#datagrams.address().port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = Promise.all([once(this.#server, "close"), once(this.#datagrams, "close")]);
    this.#server.close();
    this.#datagrams.close();
    await closed;
  }
}
