import type { ConsoleMessage } from "../api.ts";
import { LiveSocket, type Connection } from "./live-socket.ts";

/** The messages of one kind. */
export type MessageOf<Kind extends ConsoleMessage["kind"]> = Extract<ConsoleMessage, { readonly kind: Kind }>;

/** What the server says of the lab, handed to whoever shows it. */
export class LiveLab {
  readonly #listeners = new Map<string, ((message: never) => void)[]>();
  readonly #socket: LiveSocket<ConsoleMessage>;

  /** @param onConnection - is told whether the server is reached. */
  constructor(address: string, onConnection: (connection: Connection) => void) {
    this.#socket = new LiveSocket(address, {
      onConnection,
      onMessage: (message) => {
        for (const listener of this.#listeners.get(message.kind) ?? []) listener(message as never);
      },
    });
  }

  /** Calls `listener` for each message of a kind. */
  on<Kind extends ConsoleMessage["kind"]>(kind: Kind, listener: (message: MessageOf<Kind>) => void): void {
    const known = this.#listeners.get(kind) ?? [];
    this.#listeners.set(kind, [...known, listener]);
  }

  /** Connects, after everybody listens. */
  start(): void {
    this.#socket.start();
  }
}
