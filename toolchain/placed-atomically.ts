import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import path from "node:path";

/**
 * Makes `target` (a file or a folder) whole or not at all: `fill` makes it under a name beside it, which is then
 * renamed. What an interrupted run left is removed first. Call it under a lock.
 */
export async function placeAtomically(
  target: string,
  fill: (unfinished: string) => Promise<void>,
): Promise<void> {
  const folder = path.dirname(target);
  const prefix = `${path.basename(target)}.part-`;
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(folder)) {
    if (name.startsWith(prefix)) await rm(path.join(folder, name), { recursive: true, force: true });
  }
  const unfinished = path.join(folder, `${prefix}${process.pid}`);
  try {
    await fill(unfinished);
    if (existsSync(target)) await rm(target, { recursive: true, force: true });
    await rename(unfinished, target);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}
