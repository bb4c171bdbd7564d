import { setTimeout as pause } from "node:timers/promises";
import type { ClientChannel } from "ssh2";
import { LabError } from "../model/lab-error.ts";
import type { Text } from "../model/text.ts";
import { Deadline } from "./deadline.ts";
import { formatSeconds } from "./protocol-error.ts";
import type { RunningCommand } from "./ssh-command.ts";
import type { TerminalSize } from "./ssh-terminal.ts";
import { TerminalScreen } from "./terminal-screen.ts";

/** What a session is told of beside the program that runs in it. */
export interface TerminalSessionOptions {
  readonly size: TerminalSize;
  /** Gets what the program prints, as it comes. */
  readonly onOutput?: (printed: string) => void;
  /** Ends every wait. */
  readonly signal?: AbortSignal;
}

/** What is waited for at a terminal. */
export interface TerminalWait {
  readonly awaited: Text;
  readonly deadlineMs: number;
  /** The session's signal does not end this wait: for leaving in order after it. */
  readonly isUnstoppable?: boolean;
}

/**
 * A program at a terminal of which somebody reads the screen and presses the keys. Nothing is pressed blindly:
 * whoever uses it waits for what the screen must show first.
 */
export class TerminalSession {
  readonly screen: TerminalScreen;
  readonly #channel: ClientChannel;
  readonly #signal: AbortSignal | undefined;
  #isOver = false;
  #change = Promise.withResolvers<undefined>();

  constructor({ channel, ended }: RunningCommand, { size, onOutput, signal }: TerminalSessionOptions) {
    this.#channel = channel;
    this.#signal = signal;
    this.screen = new TerminalScreen(size);
    this.screen.onReply((reply) => {
      if (!this.#isOver) channel.write(reply);
    });
    const decoder = new TextDecoder();
    channel.on("data", (chunk: Buffer) => {
      const printed = decoder.decode(chunk, { stream: true });
      onOutput?.(printed);
      void this.screen.show(printed).then(() => {
        this.#tellChange();
      });
    });
    const onEnd = () => {
      this.#isOver = true;
      this.#tellChange();
    };
    ended.then(onEnd, onEnd);
  }

  /** Whether the program has ended. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Presses keys, one after the other with that time between two; all at once where it is 0. */
  async press(keys: string, paceMs = 0): Promise<void> {
    if (paceMs === 0) {
      this.#channel.write(keys);
      return;
    }
    for (const key of keys) {
      this.#channel.write(key);
      await pause(paceMs, undefined, this.#signal && { signal: this.#signal });
    }
  }

  /**
   * Waits until the look at the screen finds something.
   *
   * @throws LabError `LAB_TERMINAL_UNEXPECTED` with the screen; the signal's reason where it ended the wait.
   */
  async waitFor<Found>(
    { awaited, deadlineMs, isUnstoppable = false }: TerminalWait,
    look: (screen: TerminalScreen) => Found | undefined,
  ): Promise<Found> {
    const deadline = new Deadline(deadlineMs, isUnstoppable ? undefined : this.#signal);
    for (;;) {
      const found = look(this.screen);
      if (found !== undefined) return found;
      if (this.#isOver) throw this.#unexpected(awaited, endedWords);
      await deadline.race(this.#change.promise, () => {
        if (!deadline.isOver) return this.#signal?.reason as Error;
        const { en, ja } = formatSeconds(deadlineMs);
        return this.#unexpected(awaited, { en: `not there after ${en}`, ja: `${ja}待っても現れません` });
      });
    }
  }

  /** Follows a change of the window's size. */
  resize(size: TerminalSize): void {
    this.screen.resize(size);
    this.#channel.setWindow(size.rows, size.cols, 0, 0);
  }

  /** Takes the terminal away: what still runs there is told so by SIGHUP, as when a window is closed. */
  close(): void {
    if (!this.#channel.destroyed) this.#channel.close();
  }

  #tellChange(): void {
    const told = this.#change;
    this.#change = Promise.withResolvers<undefined>();
    told.resolve(undefined);
  }

  #unexpected(awaited: Text, observed: Text): LabError {
    const shown = this.screen.lines.filter((line) => line !== "");
    return new LabError(
      "LAB_TERMINAL_UNEXPECTED",
      {
        en: `waiting at the terminal for ${awaited.en}: ${observed.en}`,
        ja: `端末で${awaited.ja}を待っていましたが、${observed.ja}`,
      },
      { details: shown },
    );
  }
}

const endedWords: Text = { en: "the session has ended", ja: "セッションが終わりました" };
