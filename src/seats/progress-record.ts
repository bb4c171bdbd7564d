import { mkdir, readFile, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import { hasErrorCode } from "../../toolchain/exclusive-lock.ts";
import type { ClassProgress } from "./progress.ts";
import { writePrivately } from "./write-privately.ts";

const time = z.iso.datetime();

const recordRules = z.object({
  version: z.literal(1),
  lessonSince: time,
  lastLookAt: time,
  seats: z.record(
    z.string(),
    z.record(
      z.string(),
      z.object({
        container: z.string(),
        since: time,
        progressAt: time.optional(),
        steps: z.record(z.string(), z.object({ passedAt: time, lostAt: time.optional() })),
      }),
    ),
  ),
});

/** What was found where a class's progress is kept. */
export interface FoundProgress {
  readonly progress: ClassProgress | undefined;
  /** Where an unreadable record was put, so that a new one can begin; absent where it was readable. */
  readonly brokenFile?: string;
}

/** Where a class's progress is kept. */
export function progressFile(classFolder: string): string {
  return join(classFolder, "progress.json");
}

/** Reads what the looks before have seen; a record that can't be read is put aside. */
export async function readProgress(file: string): Promise<FoundProgress> {
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    if (hasErrorCode(error, "ENOENT")) return undefined;
    throw error;
  });
  if (text === undefined) return { progress: undefined };
  const parsed = recordRules.safeParse(jsonOf(text));
  if (parsed.success) {
    const { lessonSince, lastLookAt, seats } = parsed.data;
    return { progress: { lessonSince, lastLookAt, seats } };
  }
  const brokenFile = `${file}.broken`;
  await rename(file, brokenFile);
  return { progress: undefined, brokenFile };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Writes the record whole or not at all, for its owner alone. */
export async function writeProgress(file: string, progress: ClassProgress): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await writePrivately(file, `${JSON.stringify({ version: 1, ...progress })}\n`);
}
