import { randomUUID } from "node:crypto";
import { rename, rm, writeFile } from "node:fs/promises";

/** Writes a file that its owner alone can read, whole or not at all: a reader never sees half of it. */
export async function writePrivately(file: string, text: string): Promise<void> {
  const unfinished = `${file}.part-${randomUUID()}`;
  try {
    await writeFile(unfinished, text, { mode: 0o600, flag: "wx" });
    await rename(unfinished, file);
  } finally {
    await rm(unfinished, { force: true });
  }
}
