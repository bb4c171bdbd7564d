import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { link, mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";

import { hasErrorCode } from "./exclusive-lock.ts";

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

/**
 * Makes a file whole or not at all, for its owner alone. Needs no lock: where another command was first, its file stays.
 *
 * @returns whether this call made it.
 */
export async function placeOnce(file: string, text: string): Promise<boolean> {
  const unfinished = `${file}.${randomBytes(6).toString("hex")}.tmp`;
  try {
    await writeFile(unfinished, text, { mode: 0o600 });
    // Unlike a rename it fails where the file is there.
    await link(unfinished, file);
    return true;
  } catch (error) {
    if (!hasErrorCode(error, "EEXIST")) throw error;
    return false;
  } finally {
    await rm(unfinished, { force: true });
  }
}
