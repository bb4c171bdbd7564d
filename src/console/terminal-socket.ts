import type { RawData, WebSocket } from "ws";
import { z } from "zod";
import { cellsOf, openHostTerminal, type HostTerminal } from "../lab/access/host-terminal.ts";
import { LabError, exitCode } from "../model/lab-error.ts";
import type { TerminalReport } from "./api.ts";
import { outputsOf, type OpenedLab } from "./labs.ts";
import { problemOf } from "./problem.ts";
import { closeCodes } from "./sockets.ts";

/** Output that the page has not taken yet: above the first the terminal waits, below the second it goes on. */
const mostUnreadBytes = 1024 * 1024;
const fewUnreadBytes = 256 * 1024;
const defaultCols = 80;
const defaultRows = 24;
const carriageReturn = 0x0d;

const terminalRequest = z.strictObject({
  kind: z.literal("resize"),
  cols: z.int(),
  rows: z.int(),
});

/** Joins a WebSocket to a terminal on a host until either ends. */
export async function joinTerminal(
  webSocket: WebSocket,
  { watch }: OpenedLab,
  query: URLSearchParams,
  signal: AbortSignal,
): Promise<void> {
  const over = new AbortController();
  webSocket.once("close", () => {
    over.abort(new Error("the page has closed the terminal"));
  });
  const say = (report: TerminalReport): void => {
    if (webSocket.readyState === webSocket.OPEN) webSocket.send(JSON.stringify(report));
  };
  // What is typed meanwhile waits.
  webSocket.pause();
  await watch.isRead;
  const place = {
    host: query.get("host") ?? "",
    user: query.get("user") ?? "",
    cols: cellsOf(Number(query.get("cols")), defaultCols),
    rows: cellsOf(Number(query.get("rows")), defaultRows),
  };
  let terminal: HostTerminal | undefined;
  try {
    const exit = await openHostTerminal(
      outputsOf(watch),
      place,
      {
        onOpen: (opened) => {
          terminal = opened;
          say({ kind: "open" });
          listen(webSocket, opened, () => {
            watch.checkSoon();
          });
          webSocket.resume();
        },
        onOutput: (bytes) => {
          if (webSocket.readyState !== webSocket.OPEN) return true;
          webSocket.send(bytes, () => {
            if (webSocket.bufferedAmount <= fewUnreadBytes) terminal?.resume();
          });
          return webSocket.bufferedAmount <= mostUnreadBytes;
        },
      },
      AbortSignal.any([signal, over.signal]),
    );
    say({ kind: "ended", ...(exit !== undefined && { exitCode: exit }) });
    webSocket.close(closeCodes.done);
  } catch (error) {
    if (signal.aborted || over.signal.aborted) return;
    if (!(error instanceof LabError)) throw error;
    say({ kind: "problem", problem: problemOf(error) });
    webSocket.close(error.exit === exitCode.usage ? closeCodes.refused : closeCodes.failed);
  } finally {
    webSocket.resume();
  }
}

/** Takes keys and sizes from the page; after Enter something may have changed on the host. */
function listen(webSocket: WebSocket, terminal: HostTerminal, onEnter: () => void): void {
  webSocket.on("message", (data: RawData, isBinary: boolean) => {
    const bytes = bytesOf(data);
    if (!isBinary) {
      const request = terminalRequest.safeParse(jsonOf(bytes.toString("utf8")));
      if (request.success) {
        const { cols, rows } = request.data;
        terminal.resize(cellsOf(cols, defaultCols), cellsOf(rows, defaultRows));
      } else webSocket.close(closeCodes.refused, "no such request");
      return;
    }
    if (!terminal.type(bytes)) {
      webSocket.pause();
      terminal.onDrain(() => {
        webSocket.resume();
      });
    }
    if (bytes.includes(carriageReturn)) onEnter();
  });
}

function bytesOf(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
