import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readlinkSync, symlinkSync } from "node:fs";
import path from "node:path";

import { describe, expect, it, vi } from "vitest";

import { takeLock, withLock } from "../../../toolchain/exclusive-lock.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

const { signal } = new AbortController();

async function deadProcessId(): Promise<number> {
  const child = spawn("true");
  await once(child, "exit");
  if (child.pid === undefined) throw new Error("no process was started");
  return child.pid;
}

describe("a lock", () => {
  it("names the process that holds it, and is gone when released", async () => {
    using folder = temporaryFolder();
    const file = path.join(folder.path, "new", "node.lock");
    const lock = await takeLock(file, { signal });
    expect(readlinkSync(file)).toBe(`pid-${process.pid}`);
    await lock[Symbol.asyncDispose]();
    expect(() => readlinkSync(file)).toThrow("ENOENT");
  });

  it("lets one work at a time, and says once whom the other waits for", async () => {
    using folder = temporaryFolder();
    const file = path.join(folder.path, "lock");
    const events: string[] = [];
    const first = await takeLock(file, { signal });
    const waits: number[] = [];
    const second = withLock(file, { signal, onWait: (pid) => waits.push(pid) }, () => {
      events.push("second begins");
      return Promise.resolve();
    });
    await vi.waitUntil(() => waits.length > 0, { timeout: 10_000 });
    events.push("first ends");
    await first[Symbol.asyncDispose]();
    await second;
    expect(events).toEqual(["first ends", "second begins"]);
    expect(waits).toEqual([process.pid]);
  });

  it("is taken over from a process that died", async () => {
    using folder = temporaryFolder();
    const file = path.join(folder.path, "lock");
    symlinkSync(`pid-${await deadProcessId()}`, file);
    const lock = await takeLock(file, {
      signal,
      onWait: () => {
        throw new Error("waited for a dead process");
      },
    });
    expect(readlinkSync(file)).toBe(`pid-${process.pid}`);
    expect(existsSync(`${file}.stale`)).toBe(false);
    await lock[Symbol.asyncDispose]();
  });

  it("is not taken over while another run looks at the dead holder", async () => {
    using folder = temporaryFolder();
    const file = path.join(folder.path, "lock");
    const dead = `pid-${await deadProcessId()}`;
    symlinkSync(dead, file);
    mkdirSync(`${file}.stale`);
    await expect(takeLock(file, { signal: AbortSignal.timeout(300) })).rejects.toThrow();
    expect(readlinkSync(file)).toBe(dead);
  });

  it("is given up when the run is interrupted", async () => {
    using folder = temporaryFolder();
    const file = path.join(folder.path, "lock");
    const lock = await takeLock(file, { signal });
    const abort = new AbortController();
    const waiting = takeLock(file, {
      signal: abort.signal,
      onWait: () => {
        abort.abort(new Error("interrupted"));
      },
    });
    await expect(waiting).rejects.toThrow();
    expect(readlinkSync(file)).toBe(`pid-${process.pid}`);
    await lock[Symbol.asyncDispose]();
  });
});
