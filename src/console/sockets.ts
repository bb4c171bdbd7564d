import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer, type WebSocket } from "ws";
import type { BoardWatch } from "./board-watch.ts";
import type { WatchedLabs } from "./labs.ts";
import { problemOf } from "./problem.ts";
import { joinTerminal } from "./terminal-socket.ts";

/** As many of a kind as are open at once. */
const mostOfAKind = { "/api/events": 64, "/api/terminal": 64, "/api/board": 64 } as const;
/** As much as a page may say at once: a text that is pasted into a terminal. */
const mostMessageBytes = 1024 * 1024;
/** A page that does not read what it is told is told no more. */
const mostUnreadBytes = 16 * 1024 * 1024;
/** A page that has gone without a word is noticed within two of these. */
const pulseMs = 30_000;

/** Why a WebSocket is closed (RFC 6455, 7.4.1, and IANA's list for the last). */
export const closeCodes = { done: 1000, ending: 1001, refused: 1008, failed: 1011, full: 1013 } as const;

/** What WebSockets are joined to. */
interface Joined {
  readonly labs: WatchedLabs;
  readonly board: BoardWatch | undefined;
  readonly signal: AbortSignal;
  readonly onFault: (error: unknown) => void;
}

/** The console's WebSockets; whoever opens one was let in before. */
export class ConsoleSockets {
  readonly #joined: Joined;
  readonly #server = new WebSocketServer({
    noServer: true,
    maxPayload: mostMessageBytes,
    perMessageDeflate: false,
  });
  readonly #open = new Map<string, Set<WebSocket>>();
  readonly #alive = new WeakSet<WebSocket>();
  readonly #pulse: NodeJS.Timeout;

  constructor(joined: Joined) {
    this.#joined = joined;
    this.#pulse = setInterval(() => {
      this.#feelPulse();
    }, pulseMs);
  }

  /** Makes a WebSocket of a request that asked for one. */
  take(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#server.handleUpgrade(request, socket, head, (webSocket) => {
      const { pathname, searchParams } = new URL(request.url ?? "/", "http://127.0.0.1");
      // What is wrong with a connection is followed by its end, and that is all there is to it.
      webSocket.on("error", () => undefined);
      const most = pathname in mostOfAKind ? mostOfAKind[pathname as keyof typeof mostOfAKind] : undefined;
      const open = this.#open.get(pathname) ?? new Set();
      if (most === undefined) {
        webSocket.close(closeCodes.refused, "no such WebSocket");
        return;
      }
      if (open.size >= most) {
        webSocket.close(closeCodes.full, "too many are open");
        return;
      }
      this.#open.set(pathname, open.add(webSocket));
      this.#alive.add(webSocket);
      webSocket.on("pong", () => this.#alive.add(webSocket));
      webSocket.on("close", () => open.delete(webSocket));
      this.#join(webSocket, pathname, searchParams).catch((error: unknown) => {
        if (!this.#joined.signal.aborted) this.#joined.onFault(error);
        webSocket.close(closeCodes.failed);
      });
    });
  }

  /** Closes all in order; what does not answer is cut off. */
  async close(graceMs: number): Promise<void> {
    clearInterval(this.#pulse);
    const open = [...this.#open.values()].flatMap((sockets) => [...sockets]);
    await Promise.all(open.map((webSocket) => closed(webSocket, graceMs)));
    this.#server.close();
  }

  async #join(webSocket: WebSocket, path: string, query: URLSearchParams): Promise<void> {
    const { labs, board, signal } = this.#joined;
    if (path === "/api/board") {
      if (board === undefined) webSocket.close(closeCodes.refused, "there is no class");
      else untilClosed(webSocket, board.listen(teller(webSocket)));
      return;
    }
    try {
      const opened = await labs.open(query.get("lab") ?? undefined);
      untilClosed(webSocket, opened.release);
      if (path === "/api/terminal") {
        await joinTerminal(webSocket, opened, query, signal);
        return;
      }
      const tell = teller(webSocket);
      const stop = opened.watch.listen({
        onNews: tell,
        onProblem: (error) => {
          tell({ kind: "problem", problem: problemOf(error) });
        },
      });
      untilClosed(webSocket, stop);
    } catch (error) {
      teller(webSocket)({ kind: "problem", problem: problemOf(error) });
      webSocket.close(closeCodes.refused);
    }
  }

  #feelPulse(): void {
    for (const webSocket of [...this.#open.values()].flatMap((sockets) => [...sockets])) {
      if (this.#alive.delete(webSocket)) webSocket.ping();
      else webSocket.terminate();
    }
  }
}

/** Calls it when the WebSocket is closed, or now where it is already. */
function untilClosed(webSocket: WebSocket, stop: () => void): void {
  if (webSocket.readyState >= webSocket.CLOSING) stop();
  else webSocket.once("close", stop);
}

function teller(webSocket: WebSocket): (message: object) => void {
  return (message) => {
    if (webSocket.readyState !== webSocket.OPEN) return;
    if (webSocket.bufferedAmount > mostUnreadBytes) webSocket.close(closeCodes.full, "too much is unread");
    else webSocket.send(JSON.stringify(message));
  };
}

async function closed(webSocket: WebSocket, graceMs: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const clock = setTimeout(() => {
    webSocket.terminate();
  }, graceMs);
  webSocket.once("close", () => {
    resolve(undefined);
  });
  webSocket.close(closeCodes.ending, "the console has ended");
  await promise;
  clearTimeout(clock);
}
