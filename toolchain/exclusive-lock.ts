import { mkdir, readlink, rmdir, stat, symlink, unlink } from "node:fs/promises";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";

const pollMs = 200;
/** A breaker holds its guard for milliseconds; one as old as this belongs to a process that died in between. */
const abandonedGuardMs = 60_000;

/** What a wait for a lock may be told. */
export interface LockOptions {
  readonly signal: AbortSignal;
  /** Called once, with the process that holds the lock, when there is a wait. */
  readonly onWait?: (pid: number) => void;
}

/**
 * Takes the lock at `file`, waiting for a living holder and taking over from a dead one. The lock is a symbolic
 * link to `pid-N`, the form that `./lab` itself uses: made whole or not at all, and naming its holder at once.
 */
export async function takeLock(file: string, { signal, onWait }: LockOptions): Promise<AsyncDisposable> {
  await mkdir(path.dirname(file), { recursive: true });
  let isAnnounced = false;
  for (;;) {
    signal.throwIfAborted();
    try {
      await symlink(`pid-${process.pid}`, file);
      return { [Symbol.asyncDispose]: () => unlink(file).catch(ignoreMissing) };
    } catch (error) {
      if (!hasErrorCode(error, "EEXIST")) throw error;
    }
    const holder = await readlink(file).catch(ignoreMissing);
    if (holder === undefined) continue;
    const pid = Number(holder.replace(/^pid-/, ""));
    if (!isProcessAlive(pid)) {
      if (await breakLock(file, holder)) continue;
    } else if (!isAnnounced) {
      isAnnounced = true;
      onWait?.(pid);
    }
    await delay(pollMs, undefined, { signal });
  }
}

/** Runs `work` while the lock at `file` is held. */
export async function withLock<T>(file: string, options: LockOptions, work: () => Promise<T>): Promise<T> {
  const lock = await takeLock(file, options);
  try {
    return await work();
  } finally {
    await lock[Symbol.asyncDispose]();
  }
}

/** Removes a dead holder's lock; only the one who makes the guard folder may, and it looks again first. */
async function breakLock(file: string, holder: string): Promise<boolean> {
  const guard = `${file}.stale`;
  try {
    await mkdir(guard);
  } catch (error) {
    if (!hasErrorCode(error, "EEXIST")) throw error;
    const made = await stat(guard).catch(ignoreMissing);
    if (made && Date.now() - made.mtimeMs > abandonedGuardMs) await rmdir(guard).catch(ignoreMissing);
    return false;
  }
  try {
    if ((await readlink(file).catch(ignoreMissing)) === holder) await unlink(file);
  } finally {
    await rmdir(guard).catch(ignoreMissing);
  }
  return true;
}

/** Whether a process of this number exists on this machine. */
export function isProcessAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Another user's process refuses the signal, and lives.
    return hasErrorCode(error, "EPERM");
  }
}

function ignoreMissing(error: unknown): undefined {
  if (hasErrorCode(error, "ENOENT")) return undefined;
  throw error;
}

/** Whether `error` is a system error with this code (`ENOENT`). */
export function hasErrorCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
