import { isDeepStrictEqual } from "node:util";
import type { RestoredHost } from "../../model/lab-config.ts";
import { LabError, exitCode } from "../../model/lab-error.ts";
import type { SaveManifest } from "../../model/save-manifest.ts";
import type { LabContext } from "../lab-context.ts";
import type { LabPaths } from "../lab-paths.ts";
import { readCommittedValues, readOwnValues, setOwnValues } from "../stack-config.ts";

/** The configuration's secret that a restored lab's passwords and keys follow from. */
export const savedSeedKey = "seed";

/** The configuration of a stack that is to be this save's lab; `undefined` takes a key out. */
export function valuesOf({ config, nodes }: SaveManifest): Readonly<Record<string, unknown>> {
  const restored: Record<string, RestoredHost> = Object.fromEntries(
    nodes.map(({ name, image, stage }) => [name, { image, stage }]),
  );
  return { ...withoutEmpty(config), restored };
}

/** What is said of no host is not kept. */
function withoutEmpty(values: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      key,
      typeof value === "object" && value !== null && Object.keys(value).length === 0 ? undefined : value,
    ]),
  );
}

/**
 * Refuses a stack of whose lab the project's own file says something else than the save: it is taken over at every
 * `up`.
 *
 * @throws LabError `LAB_RESTORE_COMMITTED`.
 */
export async function refuseCommittedValues(context: LabContext, save: SaveManifest): Promise<void> {
  const committed = await readCommittedValues(context.paths, context.stack);
  const values = valuesOf(save);
  const key = Object.keys(values).find(
    (name) => name in committed && !isDeepStrictEqual(committed[name], values[name]),
  );
  if (key === undefined) return;
  const file = `Pulumi.${context.stack}.yaml`;
  throw new LabError(
    "LAB_RESTORE_COMMITTED",
    {
      en: `${file} sets ${key} for this lab, and the save has another one.`,
      ja: `このラボの${key}は${file}で決められていて、保存の内容と違います。`,
    },
    {
      hint: {
        en: "take the line out, or restore into another stack: --stack NAME",
        ja: "その行を外すか、別のスタックに戻してください（--stack 名前）",
      },
      exit: exitCode.usage,
    },
  );
}

/**
 * Makes plain hosts of restored ones in the configuration: the next update makes them from the product's own image
 * and applies the chapter to them.
 *
 * @param hosts - their names; all of them where none are given.
 */
export async function forgetRestored(paths: LabPaths, hosts?: readonly string[]): Promise<void> {
  const { restored } = await readOwnValues(paths);
  if (restored === undefined) return;
  const left = Object.entries(restored as Record<string, RestoredHost>).filter(
    ([name]) => hosts !== undefined && !hosts.includes(name),
  );
  // The passwords and keys that the lab has stay, since the state has them by now; a new lab makes its own.
  await setOwnValues(
    paths,
    left.length > 0
      ? { restored: Object.fromEntries(left) }
      : { restored: undefined, [savedSeedKey]: undefined },
  );
}
