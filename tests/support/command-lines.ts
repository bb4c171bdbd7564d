import { readdir, readFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";

const LOOK_INTERVAL_MS = 100;

/** The command lines of the machine's processes, as any user's `ps` shows them. Linux only: empty elsewhere. */
export async function readCommandLines(): Promise<string[]> {
  const processes = await readdir("/proc").catch(() => []);
  const lines = await Promise.all(
    processes
      .filter((name) => /^\d+$/.test(name))
      // a process may end between the two
      .map((id) => readFile(`/proc/${id}/cmdline`, "latin1").catch(() => "")),
  );
  return lines.filter((line) => line !== "").map((line) => line.replaceAll("\0", " ").trim());
}

/** Looks at the machine's processes again and again while something runs, and gives every command line once. */
export async function watchCommandLines<T>(work: Promise<T>): Promise<{ result: T; commandLines: string[] }> {
  const seen = new Set<string>();
  const done = new AbortController();
  const watching = (async () => {
    while (!done.signal.aborted) {
      for (const line of await readCommandLines()) seen.add(line);
      await pause(LOOK_INTERVAL_MS, undefined, { signal: done.signal }).catch(() => undefined);
    }
  })();
  try {
    return { result: await work, commandLines: [...seen] };
  } finally {
    done.abort();
    await watching;
  }
}
