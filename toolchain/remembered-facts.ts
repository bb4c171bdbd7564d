import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";

import { z } from "zod";

const probeSchema = z.object({
  /** The day (local, `2026-11-24`) for which the answer counts. */
  day: z.string(),
  isReachable: z.boolean(),
  reason: z.string(),
});

const factsSchema = z.object({
  version: z.literal(1),
  probes: z.record(z.string(), probeSchema).default({}),
  /** The base image in use, so that a network that comes or goes does not change the images of a lab. */
  baseImage: z.string().optional(),
  /** What `.lab/bin` and `.lab/pulumi` were linked from. */
  pulumiKey: z.string().optional(),
  /** The version that Pulumi's engine said it has, and the file that said so. */
  engine: z.object({ stamp: z.string(), version: z.string() }).optional(),
});

/** What a clone remembers between runs, in `.lab/toolchain.json`; losing it costs time only. */
export type RememberedFacts = z.infer<typeof factsSchema>;

/** Reads the facts; a missing or unreadable file is an empty memory. */
export function readFacts(root: string): RememberedFacts {
  try {
    return factsSchema.parse(JSON.parse(readFileSync(factsFile(root), "utf8")));
  } catch {
    return { version: 1, probes: {} };
  }
}

/** Changes the facts in one step, synchronously, so that parallel work of one process loses nothing. */
export function updateFacts(root: string, change: (facts: RememberedFacts) => RememberedFacts): void {
  const file = factsFile(root);
  mkdirSync(path.dirname(file), { recursive: true });
  const unfinished = `${file}.${process.pid}.part`;
  writeFileSync(unfinished, `${JSON.stringify(change(readFacts(root)), undefined, 2)}\n`);
  renameSync(unfinished, file);
}

function factsFile(root: string): string {
  return path.join(root, ".lab", "toolchain.json");
}
