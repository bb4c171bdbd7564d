/** What one end of a connection has said, in order: bytes, or how many of them were not captured. */
export type StreamPart =
  { readonly kind: "bytes"; readonly bytes: Buffer } | { readonly kind: "missing"; readonly bytes: number };

/** How much is kept that came before what precedes it; then that is given up for lost. */
const mostWaitingBytes = 4 * 1024 * 1024;
const mostWaitingSegments = 2048;

/** A segment that waits for what precedes it. */
interface Waiting {
  readonly sequence: number;
  readonly bytes: Buffer;
}

/** How far one sequence number lies behind another, over the turn at 2³² (RFC 9293, 3.4). */
function distance(from: number, to: number): number {
  return (to - from) | 0;
}

/**
 * Puts together what one end of a TCP connection says, from segments in any order, sent twice, or overlapping. Of what
 * is sent twice the first bytes count.
 */
export class TcpStream {
  #next: number | undefined;
  #end: number | undefined;
  #waiting: Waiting[] = [];

  /** Whether everything up to the sender's end has been given. */
  get isComplete(): boolean {
    return this.#end !== undefined && this.#next === this.#end;
  }

  /** The number of the first byte: one after the SYN's. Without it, the first segment's counts. */
  begin(sequence: number): void {
    this.#next ??= sequence >>> 0;
  }

  /** The number after the last byte: the FIN's. */
  end(sequence: number): void {
    this.#next ??= sequence >>> 0;
    this.#end = sequence >>> 0;
  }

  /** Takes a segment's bytes; returns what can be given now. */
  take(sequence: number, bytes: Buffer): readonly StreamPart[] {
    if (bytes.length === 0) return [];
    this.begin(sequence);
    this.#waiting.push({ sequence: sequence >>> 0, bytes });
    const parts = this.#given();
    while (this.#isFull()) parts.push(...this.#skip());
    return parts;
  }

  /** Gives up waiting: returns what is left, with its gaps. */
  finish(): readonly StreamPart[] {
    const parts: StreamPart[] = [];
    while (this.#waiting.length > 0) parts.push(...this.#skip());
    return parts;
  }

  #isFull(): boolean {
    const waitingBytes = this.#waiting.reduce((sum, { bytes }) => sum + bytes.length, 0);
    return waitingBytes > mostWaitingBytes || this.#waiting.length > mostWaitingSegments;
  }

  /** Goes on after the gap, at the earliest segment that waits. */
  #skip(): readonly StreamPart[] {
    const next = this.#next ?? 0;
    const missing = Math.min(...this.#waiting.map(({ sequence }) => distance(next, sequence)));
    this.#next = (next + missing) >>> 0;
    return [{ kind: "missing", bytes: missing }, ...this.#given()];
  }

  /** What follows without a gap; segments that hold nothing new are dropped. */
  #given(): StreamPart[] {
    const parts: StreamPart[] = [];
    for (let isMoving = true; isMoving;) {
      isMoving = false;
      const stillWaiting: Waiting[] = [];
      for (const segment of this.#waiting) {
        const next = this.#next ?? segment.sequence;
        const ahead = distance(next, segment.sequence);
        if (ahead > 0) {
          stillWaiting.push(segment);
          continue;
        }
        const fresh = segment.bytes.subarray(-ahead);
        if (fresh.length === 0) continue;
        parts.push({ kind: "bytes", bytes: fresh });
        this.#next = (next + fresh.length) >>> 0;
        isMoving = true;
      }
      this.#waiting = stillWaiting;
    }
    return parts;
  }
}
