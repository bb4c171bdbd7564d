import { isDeepStrictEqual } from "node:util";
import type { RestoredHost } from "../../model/lab-config.ts";
import { LabError, exitCode } from "../../model/lab-error.ts";
import type { SaveManifest } from "../../model/save-manifest.ts";
import type { LabContext } from "../lab-context.ts";
import type { LabPaths } from "../lab-paths.ts";
import { readCommittedValues, readOwnValues, setOwnValues } from "../stack/stack-config.ts";

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

/** Takes what made a lab the saved one out of a stack's configuration: the next lab is made as the chapter has it. */
export async function forgetRestored(paths: LabPaths): Promise<void> {
  const { restored } = await readOwnValues(paths);
  if (restored !== undefined) await setOwnValues(paths, { restored: undefined, [savedSeedKey]: undefined });
}
