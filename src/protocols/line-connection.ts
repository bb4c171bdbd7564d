import { connect, type Socket } from "node:net";
import { sameText, type Text } from "../model/text.ts";
import { Deadline } from "./deadline.ts";
import { describeCause, protocolError, statusHint } from "./protocol-error.ts";

/** Where a line protocol's server listens, and how long each of its answers may take. */
export interface LineTarget {
  host: string;
  port: number;
  /** The machine's own address to come from; the system's choice unless given. */
  localAddress?: string;
  /** Time for the connection and for each answer; 30 s unless given. */
  deadlineMs?: number;
  signal?: AbortSignal;
}

const ANSWER_BUDGET_MS = 30_000;
/** Longer than any line of the protocols here; a server that sends more speaks another protocol. */
const MAX_LINE_BYTES = 1024 * 1024;
const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * Opens a TCP connection.
 *
 * @param protocol the protocol's name in error codes and messages, such as `SMTP`
 * @throws LabError `LAB_<protocol>_NO_ANSWER`
 */
export async function openSocket(protocol: string, target: LineTarget): Promise<Socket> {
  const { host, port, localAddress } = target;
  const deadline = new Deadline(target.deadlineMs ?? ANSWER_BUDGET_MS, target.signal);
  const socket = connect({ host, port, ...(localAddress === undefined ? {} : { localAddress }) });
  socket.setNoDelay(true);
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  socket.once("connect", () => {
    resolve(undefined);
  });
  socket.on("error", reject); // stays, so that a later error doesn't end the process; readers see it too
  try {
    await deadline.race(promise);
    return socket;
  } catch (cause) {
    socket.destroy();
    throw protocolError({
      code: `LAB_${protocol}_NO_ANSWER`,
      what: connectingWords(protocol, localAddress),
      where: `${host}:${port}`,
      observed: describeCause(cause),
      budgetMs: deadline.budgetMs,
      hint: statusHint,
      cause,
    });
  }
}

function connectingWords(protocol: string, localAddress: string | undefined): Text {
  if (localAddress === undefined) return { en: `connecting by ${protocol}`, ja: `${protocol} での接続` };
  return {
    en: `connecting by ${protocol} from ${localAddress}`,
    ja: `${localAddress} からの ${protocol} での接続`,
  };
}

/** A connection of a protocol that speaks in lines, as SMTP and POP3 do. */
export class LineConnection implements Disposable {
  /** `host:port`, for messages. */
  readonly where: string;
  readonly #socket: Socket;
  readonly #protocol: string;
  readonly #budgetMs: number;
  readonly #signal: AbortSignal | undefined;
  readonly #chunks: AsyncIterator<Buffer>;
  #pending: Buffer = Buffer.alloc(0);

  private constructor(socket: Socket, protocol: string, target: LineTarget) {
    this.#socket = socket;
    this.#protocol = protocol;
    this.where = `${target.host}:${target.port}`;
    this.#budgetMs = target.deadlineMs ?? ANSWER_BUDGET_MS;
    this.#signal = target.signal;
    this.#chunks = (socket as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  }

  /** Connects; see {@link openSocket} for what it throws. */
  static async open(protocol: string, target: LineTarget): Promise<LineConnection> {
    return new LineConnection(await openSocket(protocol, target), protocol, target);
  }

  /**
   * Reads one line, without its line end.
   *
   * @param what what the line answers, for the message, such as `the SMTP greeting`
   * @throws LabError `LAB_<protocol>_NO_ANSWER`, `LAB_<protocol>_CLOSED`
   */
  async readLine(what: Text): Promise<Buffer> {
    const deadline = new Deadline(this.#budgetMs, this.#signal);
    for (;;) {
      const end = this.#pending.indexOf(NEWLINE);
      if (end >= 0) {
        const line = this.#pending.subarray(0, end);
        this.#pending = this.#pending.subarray(end + 1);
        return line.at(-1) === CARRIAGE_RETURN ? line.subarray(0, -1) : line;
      }
      if (this.#pending.length > MAX_LINE_BYTES) {
        throw this.#failure("CLOSED", what, sameText(`> ${MAX_LINE_BYTES} bytes`));
      }
      this.#pending = Buffer.concat([this.#pending, await this.#readChunk(what, deadline)]);
    }
  }

  /** Sends one line. */
  writeLine(line: string): void {
    this.#socket.write(`${line}\r\n`);
  }

  /** Sends bytes as they are. */
  write(bytes: Buffer): void {
    this.#socket.write(bytes);
  }

  /** Closes the connection at once. */
  [Symbol.dispose](): void {
    this.#socket.destroy();
  }

  async #readChunk(what: Text, deadline: Deadline): Promise<Buffer> {
    const next = this.#chunks.next().catch((cause: unknown) => {
      throw this.#failure("CLOSED", what, describeCause(cause), cause);
    });
    const read = await deadline.race(next, (observed) => {
      this.#socket.destroy(); // an answer that comes later would be taken for the next one's
      return this.#failure("NO_ANSWER", what, observed);
    });
    if (read.done === true) {
      throw this.#failure("CLOSED", what, {
        en: "the server closed the connection",
        ja: "サーバーが接続を閉じました",
      });
    }
    return read.value;
  }

  #failure(kind: "NO_ANSWER" | "CLOSED", what: Text, observed: Text, cause?: unknown) {
    const { where } = this;
    const budget = kind === "NO_ANSWER" ? { budgetMs: this.#budgetMs } : {};
    return protocolError({ code: `LAB_${this.#protocol}_${kind}`, what, where, observed, cause, ...budget });
  }
}
