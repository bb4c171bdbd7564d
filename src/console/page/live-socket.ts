/** Whether the server is reached; `refused` where it no longer knows this page's key. */
export type Connection = "connecting" | "live" | "lost" | "refused";

interface Ends<Message> {
  readonly onConnection: (connection: Connection) => void;
  readonly onMessage: (message: Message) => void;
}

const firstRetryMs = 500;
const lastRetryMs = 8_000;

/** A WebSocket that is made again when it is lost, less and less often, and at once when the page is looked at. */
export class LiveSocket<Message> {
  readonly #address: string;
  readonly #ends: Ends<Message>;
  #socket: WebSocket | undefined;
  #retryMs = firstRetryMs;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(address: string, ends: Ends<Message>) {
    this.#address = address;
    this.#ends = ends;
  }

  start(): void {
    const hurry = (): void => {
      if (this.#timer === undefined || document.hidden) return;
      clearTimeout(this.#timer);
      this.#connect();
    };
    document.addEventListener("visibilitychange", hurry);
    window.addEventListener("online", hurry);
    this.#ends.onConnection("connecting");
    this.#connect();
  }

  #connect(): void {
    this.#timer = undefined;
    const socket = new WebSocket(this.#address);
    this.#socket = socket;
    socket.addEventListener("open", () => {
      this.#retryMs = firstRetryMs;
      this.#ends.onConnection("live");
    });
    socket.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
      if (socket === this.#socket && typeof data === "string") {
        this.#ends.onMessage(JSON.parse(data) as Message);
      }
    });
    socket.addEventListener("close", () => {
      if (socket !== this.#socket) return;
      this.#ends.onConnection("lost");
      void this.#sayIfRefused();
      this.#timer = setTimeout(() => {
        this.#connect();
      }, this.#retryMs);
      this.#retryMs = Math.min(lastRetryMs, this.#retryMs * 2);
    });
  }

  /** A WebSocket does not say why it was refused; a plain question does. */
  async #sayIfRefused(): Promise<void> {
    const status = await fetch("/api/console").then(
      (response) => response.status,
      () => undefined,
    );
    if (status === 401 || status === 403) this.#ends.onConnection("refused");
  }
}
