import { spawn, type ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import type { Readable, Writable } from "node:stream";

/** Mozilla's remote control of a window, as far as these tests use it (the protocol of its Marionette server). */
export class Marionette implements AsyncDisposable {
  readonly #line: ChildProcessByStdio<Writable, Readable, null>;
  readonly #ended: Promise<unknown>;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #received = Buffer.alloc(0);
  #lastId = 0;
  #end: Error | undefined;

  private constructor(words: readonly string[]) {
    const [file = "true", ...rest] = words;
    this.#line = spawn(file, rest, { stdio: ["pipe", "pipe", "inherit"] });
    this.#ended = once(this.#line, "exit");
    this.#line.stdout.on("data", (chunk: Buffer) => {
      this.#received = Buffer.concat([this.#received, chunk]);
      this.#readAnswers();
    });
    this.#line.stdout.on("end", () => {
      this.#end = new Error("Thunderbird closed its remote control");
      for (const settle of this.#waiting.values()) settle({ error: this.#end });
    });
    // A closed line is told by its end.
    this.#line.stdin.on("error", () => undefined);
  }

  /**
   * Takes Thunderbird in hand, with the rights of its own windows.
   *
   * @param words - a command whose standard streams lead to its port 2828.
   */
  static async over(words: readonly string[]): Promise<Marionette> {
    const marionette = new Marionette(words);
    await marionette.#send("WebDriver:NewSession", { capabilities: { alwaysMatch: {} } });
    await marionette.#send("Marionette:SetContext", { value: "chrome" });
    await marionette.#send("WebDriver:SetTimeouts", { script: scriptDeadlineMs });
    return marionette;
  }

  /**
   * Runs a script inside Thunderbird; it returns what can be written as JSON, or a promise of that.
   *
   * @param script - the body of an async function that is called with `args`.
   */
  async run(script: string, ...args: readonly unknown[]): Promise<unknown> {
    const body = `
      const finish = arguments[arguments.length - 1];
      (async (...args) => { ${script} })(...[...arguments].slice(0, -1))
        .then((value) => finish({ value: value ?? null }), (error) => finish({ error: String(error) + "\\n" + error.stack }));`;
    const answer = await this.#send("WebDriver:ExecuteAsyncScript", {
      script: body,
      args,
      sandbox: "system",
    });
    const { value, error } = (answer as { value: { value?: unknown; error?: string } }).value;
    if (error !== undefined) throw new Error(`in Thunderbird: ${error}`);
    return value;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // The line has to end by itself: what runs in a container outlives the docker command that started it, and
    // Thunderbird takes one caller at a time.
    this.#line.stdin.end();
    await this.#ended;
  }

  async #send(command: string, parameters: object): Promise<unknown> {
    if (this.#end !== undefined) throw this.#end;
    const id = ++this.#lastId;
    const message = JSON.stringify([request, id, command, parameters]);
    const answered = new Promise<Answer>((resolve) => this.#waiting.set(id, resolve));
    this.#line.stdin.write(`${Buffer.byteLength(message)}:${message}`);
    const { error, result } = await answered;
    if (error !== undefined) throw error;
    return result;
  }

  /** Each message is its length in bytes, a colon, and JSON. The first one is a greeting, and no answer. */
  #readAnswers(): void {
    for (;;) {
      const colon = this.#received.indexOf(":");
      if (colon < 0) return;
      const end = colon + 1 + Number(this.#received.subarray(0, colon).toString());
      if (this.#received.length < end) return;
      const message: unknown = JSON.parse(this.#received.subarray(colon + 1, end).toString());
      this.#received = this.#received.subarray(end);
      if (!Array.isArray(message)) continue;
      const [, id, error, result] = message as [number, number, RemoteError | null, unknown];
      this.#waiting.get(id)?.(
        error === null ? { result } : { error: new Error(`${error.error}: ${error.message}`) },
      );
      this.#waiting.delete(id);
    }
  }
}

interface Answer {
  readonly result?: unknown;
  readonly error?: Error;
}

/** How a command that failed is answered. */
interface RemoteError {
  readonly error: string;
  readonly message: string;
}

/** The kind of a message that asks something. */
const request = 0;
const scriptDeadlineMs = 120_000;
