import { join } from "node:path";
import { execa } from "execa";
import { WebSocket } from "ws";
import type { BoardMessage, ConsoleMessage, TerminalReport } from "../../src/console/api.ts";

const PROJECT_ROOT = join(import.meta.dirname, "..", "..");
/** Starting the command on a machine that stands still for a while. */
const START_BUDGET_MS = 120_000;

/** Paths of every kind that the console answers, and one that there is not. */
export const consolePaths = [
  "/",
  "/page/main.ts",
  "/xterm/xterm.mjs",
  "/api/console",
  "/api/mailboxes",
  "/api/zones",
  "/nothing",
];

/** `./lab console` as a person starts it. */
export interface RunningConsole extends AsyncDisposable {
  /** As it was printed, with the token. */
  address: string;
  /** `http://127.0.0.1:PORT` */
  origin: string;
  port: number;
  token: string;
  pid: number;
  /** What it has said so far. */
  output: () => { stdout: string; stderr: string };
  /** Presses Ctrl-C and waits for its end. */
  stop: () => Promise<{ exitCode: number | undefined; durationMs: number }>;
}

/** Starts the console of a lab; `words` go on the command's line. */
export async function startConsole(stack: string, words: string[] = []): Promise<RunningConsole> {
  const command = execa(join(PROJECT_ROOT, "lab"), ["console", "--stack", stack, ...words], {
    cwd: PROJECT_ROOT,
    reject: false,
    stdin: "ignore",
  });
  let stdout = "";
  let stderr = "";
  const printed = Promise.withResolvers<string>();
  command.stdout.on("data", (chunk: Buffer) => {
    stdout += chunk.toString("utf8");
    const [line] = /^http:\S+(?=\n)/m.exec(stdout) ?? [];
    if (line !== undefined) printed.resolve(line);
  });
  command.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString("utf8");
  });
  void command.then(({ exitCode }) => {
    printed.reject(new Error(`./lab console ended with ${exitCode ?? "a signal"}: ${stderr}`));
  });
  const clock = setTimeout(() => {
    printed.reject(new Error(`./lab console printed no address in ${START_BUDGET_MS} ms: ${stderr}`));
  }, START_BUDGET_MS);
  const address = await printed.promise.finally(() => {
    clearTimeout(clock);
  });
  const { origin, port, searchParams } = new URL(address);
  const stop = async () => {
    const beganMs = performance.now();
    command.kill("SIGINT");
    const { exitCode } = await command;
    return { exitCode, durationMs: performance.now() - beganMs };
  };
  return {
    address,
    origin,
    port: Number(port),
    token: searchParams.get("token") ?? "",
    pid: command.pid ?? 0,
    output: () => ({ stdout, stderr }),
    stop,
    [Symbol.asyncDispose]: async () => {
      await stop();
    },
  };
}

/** Asks the console as a program does that has the token. */
export async function askConsole(
  { origin, token }: RunningConsole,
  path: string,
  { headers = {}, ...init }: Omit<RequestInit, "headers"> & { headers?: Record<string, string> } = {},
): Promise<Response> {
  return await fetch(`${origin}${path}`, {
    redirect: "manual",
    ...init,
    headers: { authorization: `Bearer ${token}`, origin, ...headers },
    signal: AbortSignal.timeout(60_000),
  });
}

/** A WebSocket of the console, and all that has come by it. */
export class ConsoleSocket<Message> implements Disposable {
  readonly socket: WebSocket;
  readonly messages: Message[] = [];
  /** What came in binary frames, as text. */
  bytes = "";
  closeCode: number | undefined;
  readonly #changed = new EventTarget();

  constructor({ origin, token }: RunningConsole, path: string) {
    const headers = { authorization: `Bearer ${token}`, origin };
    this.socket = new WebSocket(`${origin.replace("http", "ws")}${path}`, { headers });
    this.socket.on("message", (data: Buffer, isBinary) => {
      if (isBinary) this.bytes += data.toString("utf8");
      else this.messages.push(JSON.parse(data.toString("utf8")) as Message);
      this.#changed.dispatchEvent(new Event("change"));
    });
    this.socket.on("error", () => undefined);
    this.socket.on("close", (code) => {
      this.closeCode = code;
      this.#changed.dispatchEvent(new Event("change"));
    });
  }

  /** Waits until what has come is as it is wanted. */
  async until<Found>(
    awaited: string,
    find: (socket: this) => Found | undefined | false,
    deadlineMs = 60_000,
  ): Promise<Found> {
    const { promise, resolve, reject } = Promise.withResolvers<Found>();
    const look = () => {
      const found = find(this);
      if (found !== undefined && found !== false) resolve(found);
    };
    const clock = setTimeout(() => {
      const last = JSON.stringify(this.messages.slice(-5)).slice(0, 4000);
      reject(
        new Error(
          `${awaited}: not in ${deadlineMs} ms; the last messages: ${last}; bytes: ${this.bytes.slice(-500)}`,
        ),
      );
    }, deadlineMs);
    this.#changed.addEventListener("change", look);
    look();
    try {
      return await promise;
    } finally {
      clearTimeout(clock);
      this.#changed.removeEventListener("change", look);
    }
  }

  [Symbol.dispose](): void {
    this.socket.terminate();
  }
}

/** Listens to a lab. */
export function listenToLab(console: RunningConsole, query = ""): ConsoleSocket<ConsoleMessage> {
  return new ConsoleSocket(console, `/api/events${query}`);
}

/** Opens a terminal on a host. */
export function openTerminal(
  console: RunningConsole,
  {
    cols = 80,
    rows = 24,
    ...place
  }: { host: string; user: string; lab?: string; cols?: number; rows?: number },
): ConsoleSocket<TerminalReport> {
  const query = new URLSearchParams({ ...place, cols: String(cols), rows: String(rows) });
  return new ConsoleSocket(console, `/api/terminal?${query.toString()}`);
}

/** Listens to a class. */
export function listenToClass(console: RunningConsole): ConsoleSocket<BoardMessage> {
  return new ConsoleSocket(console, "/api/board");
}
