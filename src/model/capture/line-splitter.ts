/** A line as it was said, without its end. */
export interface SaidLine {
  readonly bytes: Buffer;
  /** How much longer it was. */
  readonly cutBytes: number;
}

/** As much of a line as is kept; what mail software says itself is shorter (RFC 5321, 4.5.3.1.6: 1,000). */
const mostLineBytes = 4096;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** Divides a stream into lines, in bounded memory. */
export class LineSplitter {
  #kept: Buffer[] = [];
  #keptBytes = 0;
  #cutBytes = 0;

  /** Takes bytes up to the first end of a line: returns that line, and how many bytes it took. */
  take(bytes: Buffer): { readonly line: SaidLine | undefined; readonly taken: number } {
    const end = bytes.indexOf(lineFeed);
    const part = end === -1 ? bytes : bytes.subarray(0, end);
    const room = mostLineBytes - this.#keptBytes;
    // Copied: a subarray would keep the whole packet.
    if (room > 0 && part.length > 0) this.#kept.push(Buffer.from(part.subarray(0, room)));
    this.#keptBytes += Math.min(room, part.length);
    this.#cutBytes += Math.max(0, part.length - room);
    if (end === -1) return { line: undefined, taken: bytes.length };
    return { line: this.#ended(), taken: end + 1 };
  }

  /** What was said of a line that has no end, if anything. */
  finish(): SaidLine | undefined {
    return this.#keptBytes === 0 ? undefined : this.#ended();
  }

  #ended(): SaidLine {
    const whole = Buffer.concat(this.#kept);
    const hasReturn = this.#cutBytes === 0 && whole.at(-1) === carriageReturn;
    const line = { bytes: hasReturn ? whole.subarray(0, -1) : whole, cutBytes: this.#cutBytes };
    this.#kept = [];
    this.#keptBytes = 0;
    this.#cutBytes = 0;
    return line;
  }
}
