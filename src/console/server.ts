import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { getRequestListener } from "@hono/node-server";
import { LabError, exitCode } from "../model/lab-error.ts";
import { sameText, type Language } from "../model/text.ts";
import { BoardWatch } from "./board-watch.ts";
import type { ConsoleClass } from "./console-class.ts";
import { Gate, type Verdict } from "./gate.ts";
import { WatchedLabs, type LabsOpener } from "./labs.ts";
import { PageFiles } from "./page-files.ts";
import { contentPolicy } from "./policy.ts";
import { consoleRoutes } from "./routes.ts";
import { ConsoleSockets } from "./sockets.ts";

/** What a console is to be. */
export interface ConsoleRequest extends LabsOpener {
  readonly language: Language;
  /** A free one unless given. */
  readonly port: number | undefined;
  /** The class whose board it shows. */
  readonly seats: ConsoleClass | undefined;
  /** Told what is a fault of the console itself, and does not end it. */
  readonly onFault: (error: unknown) => void;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/** A console that answers. */
export interface RunningConsole {
  readonly port: number;
  /** With the token. */
  readonly address: string;
  /** Ends it: every WebSocket, every login. */
  readonly close: () => Promise<void>;
}

const loopback = "127.0.0.1";
/** As many connections as are open at once; more are closed as they come. */
const mostConnections = 256;
/** How long somebody who has said nothing yet, or nothing any more, may hold one of them. */
const silentMs = 5000;
const requestMs = 30_000;
const checkingMs = 2000;
/** How long the end waits for pages to answer. */
const closingMs = 1000;

const refusals: Readonly<Record<Exclude<Verdict, "let-in" | "log-in">, number>> = {
  "no-key": 403,
  "foreign-host": 421,
  "foreign-origin": 403,
  "odd-path": 400,
};

/**
 * Starts the console's server on the loopback.
 *
 * @throws LabError `LAB_CONSOLE_PORT` where the port is taken
 */
export async function startConsole(request: ConsoleRequest): Promise<RunningConsole> {
  const { lab, language, seats, signal, onFault } = request;
  const [files, refused, entered] = await Promise.all([
    PageFiles.read(),
    readFile(join(import.meta.dirname, "refused.html"), "utf8"),
    readFile(join(import.meta.dirname, "entered.html"), "utf8"),
  ]);
  const server = createServer({
    headersTimeout: silentMs,
    requestTimeout: requestMs,
    keepAliveTimeout: silentMs,
    connectionsCheckingInterval: checkingMs,
  });
  server.maxConnections = mostConnections;
  const port = await listen(server, request.port);
  const gate = new Gate(port);
  const over = new AbortController();
  const ending = AbortSignal.any([signal, over.signal]);
  const labs = new WatchedLabs(request);
  const board = seats && new BoardWatch(seats.look, seats.isNameless, ending);
  const sockets = new ConsoleSockets({ labs, board, signal: ending, onFault });
  const setup = { lab, language, ...(seats && { className: seats.className }) };
  const routes = consoleRoutes({ setup, labs, files, lastBoard: () => board?.last, onFault });
  const answer = getRequestListener(routes.fetch, { overrideGlobalObjects: false });

  server.on("request", (incoming, outgoing) => {
    guard(outgoing, incoming.headers.host ?? "");
    const verdict = gate.judge(incoming);
    if (verdict === "let-in") void answer(incoming, outgoing);
    else if (verdict === "log-in") letIn(incoming, outgoing, gate.setCookie, entered);
    else refuse(outgoing, refusals[verdict], refused);
  });
  server.on("upgrade", (incoming: IncomingMessage, socket: Duplex, head: Buffer) => {
    const verdict = gate.judge(incoming);
    socket.on("error", () => undefined);
    if (verdict === "let-in") sockets.take(incoming, socket, head);
    else
      socket.end(
        `HTTP/1.1 ${verdict === "log-in" ? 400 : refusals[verdict]} Refused\r\nConnection: close\r\n\r\n`,
      );
  });
  return {
    port,
    address: gate.address,
    close: async () => {
      over.abort(new Error("the console has ended"));
      const closing = new Promise((resolve) => server.close(resolve));
      await sockets.close(closingMs);
      labs.close();
      server.closeAllConnections();
      await closing;
    },
  };
}

/** The headers that every answer has, whatever it is. */
function guard(outgoing: ServerResponse, host: string): void {
  outgoing.setHeader("content-security-policy", contentPolicy(host));
  outgoing.setHeader("x-content-type-options", "nosniff");
  outgoing.setHeader("referrer-policy", "no-referrer");
  outgoing.setHeader("cross-origin-resource-policy", "same-origin");
  outgoing.setHeader("cross-origin-opener-policy", "same-origin");
  outgoing.setHeader("cache-control", "no-store");
}

/** Changes the token for the cookie, and takes it out of the address. */
function letIn(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  setCookie: string,
  entered: string,
): void {
  outgoing.setHeader("set-cookie", setCookie);
  // Where a page elsewhere has led here, as a file that was opened does, a strict cookie does not go with the
  // redirection; a page of our own leads on with it.
  const site = incoming.headers["sec-fetch-site"] ?? "none";
  if (site === "none" || site === "same-origin") {
    outgoing.writeHead(302, { location: "/" }).end();
    return;
  }
  outgoing.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(entered);
}

function refuse(outgoing: ServerResponse, status: number, page: string): void {
  outgoing.setHeader("connection", "close");
  outgoing.writeHead(status, { "content-type": "text/html; charset=utf-8" }).end(page);
}

async function listen(server: ReturnType<typeof createServer>, port: number | undefined): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  server.once("error", (cause: Error & { code?: string }) => {
    reject(cause.code === "EADDRINUSE" || cause.code === "EACCES" ? portTaken(port ?? 0, cause) : cause);
  });
  server.listen({ host: loopback, port: port ?? 0 }, () => {
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("a TCP server has a port");
    resolve(address.port);
  });
  return await promise;
}

function portTaken(port: number, cause: Error): LabError {
  return new LabError(
    "LAB_CONSOLE_PORT",
    {
      en: `Port ${port} can't be had: another program uses it, or it is not allowed.`,
      ja: `ポート${port}は使えません。ほかのプログラムが使っているか、許可されていません。`,
    },
    { hint: sameText("./lab console"), exit: exitCode.usage, cause },
  );
}
