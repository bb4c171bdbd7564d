import { existsSync } from "node:fs";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { LabPaths } from "./lab-paths.ts";

/** Key to what the machine chose for it. */
export type ChosenValues = Readonly<Record<string, unknown>>;

/** Beside the stack's configuration, so that a rebuilt lab may choose anew and what the user has set since stays. */
export function chosenValuesFile(paths: LabPaths): string {
  return paths.stackConfig.replace(/\.yaml$/, ".chosen.json");
}

/** What the machine chose when the lab was last to be built; nothing where it never was. */
export async function readChosenValues(paths: LabPaths): Promise<ChosenValues> {
  const file = chosenValuesFile(paths);
  return existsSync(file) ? (JSON.parse(await readFile(file, "utf8")) as ChosenValues) : {};
}

/** Written whole and then renamed, so that a kill leaves the old file or the new one. */
export async function writeChosenValues(paths: LabPaths, values: ChosenValues): Promise<void> {
  const file = chosenValuesFile(paths);
  await mkdir(dirname(file), { recursive: true });
  const fresh = `${file}.${process.pid}`;
  await writeFile(fresh, JSON.stringify(values));
  await rename(fresh, file);
}
