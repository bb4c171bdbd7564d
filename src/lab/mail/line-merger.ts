import { mergeMailLogs, type MailLogLine } from "../../model/mail/mail-log.ts";

/** How long a line is kept back, so that one of another host that was written before it can go first. */
const settleMs = 150;

/** Puts the lines of several hosts in one order, a moment late; without any there is nothing to do. */
export class LineMerger {
  readonly #tell: (lines: readonly MailLogLine[]) => void;
  #waiting: MailLogLine[] = [];
  #timer: NodeJS.Timeout | undefined;
  #isHeld = true;

  /** It keeps everything until it is released, as what was logged before comes host by host. */
  constructor(tell: (lines: readonly MailLogLine[]) => void) {
    this.#tell = tell;
  }

  push(lines: readonly MailLogLine[]): void {
    this.#waiting.push(...lines);
    this.#wind();
  }

  /** Lets the lines go on, those first that were kept. */
  release(): void {
    this.#isHeld = false;
    this.#flush();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#waiting = [];
    this.#isHeld = true;
  }

  #wind(): void {
    if (this.#isHeld || this.#timer !== undefined || this.#waiting.length === 0) return;
    this.#timer = setTimeout(() => {
      this.#flush();
    }, settleMs);
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const lines = this.#waiting;
    this.#waiting = [];
    if (lines.length > 0) this.#tell(mergeMailLogs([lines]));
  }
}
