import { stripVTControlCharacters } from "node:util";
import xterm from "@xterm/headless";
import type { TerminalSize } from "./ssh-terminal.ts";

/** A command's exit code as the shell tells a terminal of it (the semantic prompts' OSC 133). */
const semanticPrompt = 133;

/** Sequences of two characters (DECSC, DECRC); Node.js takes a letter behind them for a part of them. */
const saveAndRestoreCursor = ["\u001b7", "\u001b8"] as const;

/** readline turns bracketed paste on when the terminal is ready for a line. */
const lineBegins = "\u001b[?2004h";

/**
 * What a terminal shows: fed with what a program prints, it knows every line of its screen, where the cursor stands,
 * and all that went by.
 */
export class TerminalScreen {
  readonly #terminal: xterm.Terminal;
  #printed = "";
  #exitCodes: number[] = [];

  constructor({ rows, cols }: TerminalSize) {
    this.#terminal = new xterm.Terminal({ rows, cols, allowProposedApi: true });
    this.#terminal.parser.registerOscHandler(semanticPrompt, (words) => {
      const [kind, code] = words.split(";");
      if (kind === "D" && code !== undefined) this.#exitCodes.push(Number(code));
      return true;
    });
  }

  /** What a terminal answers when a program asks what it is. */
  onReply(send: (reply: string) => void): void {
    this.#terminal.onData(send);
  }

  /** Shows what a program printed. */
  async show(printed: string): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.#terminal.write(printed, () => {
      this.#printed += printed;
      resolve(undefined);
    });
    await promise;
  }

  resize({ rows, cols }: Pick<TerminalSize, "rows" | "cols">): void {
    this.#terminal.resize(cols, rows);
  }

  get columns(): number {
    return this.#terminal.cols;
  }

  /** The screen's lines from the top, without trailing blanks. */
  get lines(): readonly string[] {
    return Array.from({ length: this.#terminal.rows }, (_, row) => this.#line(row));
  }

  /** The line that the cursor stands in. */
  get cursorLine(): string {
    return this.#line(this.#terminal.buffer.active.cursorY);
  }

  /** What stands left of the cursor in its line, trailing blanks too. */
  get beforeCursor(): string {
    const { active } = this.#terminal.buffer;
    const line = active.getLine(active.baseY + active.cursorY);
    return line?.translateToString(false, 0, active.cursorX) ?? "";
  }

  /** The lowest line, where editors report. */
  get lastLine(): string {
    return this.#line(this.#terminal.rows - 1);
  }

  /** Whether a program shows its own screen instead of the scrolling one, as editors do. */
  get isAlternate(): boolean {
    return this.#terminal.buffer.active.type === "alternate";
  }

  /** The exit codes that the shell has told of, one a command. */
  get exitCodes(): readonly number[] {
    return this.#exitCodes;
  }

  /** A place in what was printed, for `textSince`. */
  get position(): number {
    return this.#printed.length;
  }

  /** What was printed since that place, as plain text with LF. */
  textSince(position: number): string {
    return plainText(this.#printed.slice(position));
  }

  /**
   * What was printed since that place before the program began to read the line that it reads by now; all of it on a
   * terminal where no program tells of that.
   */
  textBeforeLineSince(position: number): string {
    const begun = this.#printed.lastIndexOf(lineBegins);
    return begun < 0 ? this.textSince(position) : plainText(this.#printed.slice(position, begun));
  }

  #line(row: number): string {
    const { active } = this.#terminal.buffer;
    return (
      active
        .getLine(active.baseY + row)
        ?.translateToString()
        .trimEnd() ?? ""
    );
  }
}

function plainText(printed: string): string {
  const text = saveAndRestoreCursor.reduce((rest, sequence) => rest.replaceAll(sequence, ""), printed);
  return stripVTControlCharacters(text).replaceAll("\r", "");
}
