import { readdirSync, readFileSync } from "node:fs";
import { bytesIn, cpuSecondsIn, unlessGone } from "./linux-counters.ts";

/** What a command and everything that it started came to. */
export interface ProcessTreeCost {
  readonly cpuSeconds: number;
  /** The most that they had at one time of memory of their own, without the files that they share. */
  readonly peakBytes: number;
}

/** A closer look would take processor time from what it looks at. */
const lookIntervalMs = 250;

/**
 * Watches a process and its descendants while they run, on Linux. What happens between the last look and the end is
 * missed: a fraction of a second.
 */
export class ProcessTreeWatch implements Disposable {
  #timer: NodeJS.Timeout | undefined;
  #cpuSeconds = 0;
  #peakBytes = 0;

  /** Begins to watch; to be given to whatever starts the process. */
  readonly follow = (pid: number): void => {
    if (process.platform !== "linux") return;
    this.#timer = setInterval(() => {
      this.#look(pid);
    }, lookIntervalMs);
  };

  /** What was seen; `undefined` where nothing was, as on another system than Linux. */
  get cost(): ProcessTreeCost | undefined {
    if (this.#peakBytes === 0) return undefined;
    return { cpuSeconds: this.#cpuSeconds, peakBytes: this.#peakBytes };
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #look(root: number): void {
    const folders = treeOf(root).map((pid) => `/proc/${pid}`);
    const sum = (file: string, figure: (text: string) => number): number =>
      folders.reduce(
        (total, folder) => total + (unlessGone(() => figure(readFileSync(`${folder}/${file}`, "utf8"))) ?? 0),
        0,
      );
    // A process that ends hands its time over to the one that waits for it, so the sum grows until the end.
    this.#cpuSeconds = Math.max(this.#cpuSeconds, sum("stat", cpuSecondsIn));
    this.#peakBytes = Math.max(
      this.#peakBytes,
      sum("status", (text) => bytesIn(text, "RssAnon")),
    );
  }
}

/** A process and all its descendants; the kernel lists children by the thread that started them. */
function treeOf(pid: number): readonly number[] {
  const threads = unlessGone(() => readdirSync(`/proc/${pid}/task`)) ?? [];
  const children = threads.flatMap((thread) => {
    const list = unlessGone(() => readFileSync(`/proc/${pid}/task/${thread}/children`, "utf8")) ?? "";
    return list.split(" ").filter(Boolean).map(Number);
  });
  return [pid, ...children.flatMap(treeOf)];
}
