import { StringDecoder } from "node:string_decoder";
import { PluginError } from "../rpc/plugin-error.ts";

/** Where output comes from. */
export type Stream = "stdout" | "stderr";

/** A command's `logging` input; both streams show by default. */
export type Logging = Stream | "stdoutAndStderr" | "none";

/** How much of its output an error shows. */
const SHOWN_LINES = 50;

/** Takes in what a command writes: keeps it as a whole and shows it line by line while it runs. */
export class CommandOutput {
  readonly #logging: Logging;
  readonly #show: (line: string) => void;
  readonly #text: Record<Stream, string> = { stdout: "", stderr: "" };
  readonly #rest: Record<Stream, string> = { stdout: "", stderr: "" };
  readonly #decoders = { stdout: new StringDecoder("utf8"), stderr: new StringDecoder("utf8") };
  /** Both streams in the order of their arrival, for an error. */
  #both = "";

  constructor(logging: Logging, show: (line: string) => void) {
    this.#logging = logging;
    this.#show = show;
  }

  /** Takes the next piece; it may end in the middle of a line or of a character. */
  add(stream: Stream, piece: Buffer): void {
    const text = this.#decoders[stream].write(piece);
    this.#text[stream] += text;
    const isShown = this.#isShown(stream);
    // What a failed command says on stderr is why it failed: that is shown whatever `logging` says.
    if (isShown || stream === "stderr") {
      this.#both += text;
    }
    if (isShown) {
      const lines = (this.#rest[stream] + text).split("\n");
      this.#rest[stream] = lines.pop() ?? "";
      lines.forEach((line) => {
        this.#show(line);
      });
    }
  }

  /** The output as a resource keeps it: without the last line's end. */
  result(): Record<Stream, string> {
    (["stdout", "stderr"] as const)
      .filter((stream) => this.#rest[stream] !== "")
      .forEach((stream) => {
        this.#show(this.#rest[stream]);
        this.#rest[stream] = "";
      });
    return { stdout: withoutLineEnd(this.#text.stdout), stderr: withoutLineEnd(this.#text.stderr) };
  }

  /** The error for a command that ended badly: how it ended, and its last lines. */
  failure(code: number | null, signal: string | null): PluginError {
    const lines = withoutLineEnd(this.#both).split("\n");
    const cut = lines.length > SHOWN_LINES ? `… ${String(lines.length - SHOWN_LINES)} lines before\n` : "";
    const ending = signal === null ? `failed with exit code ${String(code)}` : `was ended by ${signal}`;
    const said =
      this.#both === "" ? ", without a word on stderr" : `:\n${cut}${lines.slice(-SHOWN_LINES).join("\n")}`;
    return new PluginError("PLUGIN_COMMAND_FAILED", `the command ${ending}${said}`);
  }

  #isShown(stream: Stream): boolean {
    return this.#logging === stream || this.#logging === "stdoutAndStderr";
  }
}

function withoutLineEnd(text: string): string {
  return text.endsWith("\n") ? text.slice(0, -1) : text;
}
