import { existsSync } from "node:fs";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, relative } from "node:path";
import type { LabPaths } from "../lab-paths.ts";
import { unreadable } from "../stack/read-yaml.ts";

/** Key to what the machine chose for it. */
export type ChosenValues = Readonly<Record<string, unknown>>;

/** Beside the stack's configuration, so that a rebuilt lab may choose anew and what the user has set since stays. */
export function chosenValuesFile(paths: LabPaths): string {
  return paths.stackConfig.replace(/\.yaml$/, ".chosen.json");
}

/**
 * What the machine chose when the lab was last to be built; nothing where it never was.
 *
 * @throws LabError `LAB_CONFIG_FILE` where the file is broken: without it the machine's choice would pass for the
 *   user's.
 */
export async function readChosenValues(paths: LabPaths): Promise<ChosenValues> {
  const file = chosenValuesFile(paths);
  if (!existsSync(file)) return {};
  const text = await readFile(file, "utf8");
  try {
    return JSON.parse(text) as ChosenValues;
  } catch {
    const name = relative(paths.root, file);
    throw unreadable(
      name,
      { en: "must be the JSON that ./lab wrote", ja: "./labが書いたJSONでなければなりません" },
      [],
      {
        en: `rm ${name}; what stands in the stack's configuration then counts as set by you`,
        ja: `rm ${name}（その後は、設定ファイルにある値が自分で設定したものとして扱われます）`,
      },
    );
  }
}

/** Written whole and then renamed, so that a kill leaves the old file or the new one. */
export async function writeChosenValues(paths: LabPaths, values: ChosenValues): Promise<void> {
  const file = chosenValuesFile(paths);
  await mkdir(dirname(file), { recursive: true });
  const fresh = `${file}.${process.pid}`;
  await writeFile(fresh, JSON.stringify(values));
  await rename(fresh, file);
}
