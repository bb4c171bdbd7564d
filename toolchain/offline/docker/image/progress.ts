import { createInterface } from "node:readline";
import { Readable } from "node:stream";

/** One line of what Docker tells while it builds or pulls. */
export interface ProgressEvent {
  readonly stream?: string;
  readonly status?: string;
  readonly id?: string;
  readonly progress?: string;
  readonly error?: string;
}

/**
 * Reads Docker's lines to the end.
 * @throws the error that a line carries: Docker answers 200 first and fails later.
 */
export async function followProgress(
  response: NodeJS.ReadableStream,
  signal: AbortSignal,
  show: (event: ProgressEvent) => void,
): Promise<void> {
  const input = response instanceof Readable ? response : new Readable().wrap(response);
  const stop = (): void => {
    input.destroy();
  };
  signal.addEventListener("abort", stop, { once: true });
  try {
    for await (const line of createInterface({ input })) {
      if (line.trim() === "") continue;
      const event = JSON.parse(line) as ProgressEvent;
      if (event.error !== undefined) throw new Error(event.error.trim());
      show(event);
    }
    signal.throwIfAborted();
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
