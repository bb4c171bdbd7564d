import { listSavedImages, type EngineSavedImage } from "../../engine/saved-images.ts";
import { LabError } from "../../model/lab-error.ts";
import { summaryOf, type SaveSummary } from "../../model/save-manifest.ts";
import { engineOf, type LabContext } from "../lab-context.ts";
import type { LabPaths } from "../lab-paths.ts";
import { removeSaveImages } from "./save-images.ts";
import { forgetSave, listNamedSaves, readSaveIds, requireSave } from "./save-store.ts";

/** A save of this checkout, and whether this engine has its images. */
export interface ListedSave extends SaveSummary {
  readonly isHere: boolean;
  /** Names of the containers that were made from it. */
  readonly containers: readonly string[];
}

/** A save on this engine of which this checkout has no manifest: another checkout's. */
export interface StrangeSave {
  readonly id: string;
  readonly name: string;
  readonly stack: string;
  /** References of its images. */
  readonly images: readonly string[];
}

/** What is saved. */
export interface ListedSaves {
  readonly saves: readonly ListedSave[];
  readonly others: readonly StrangeSave[];
}

/** All saves: this checkout's by name, and whatever else of that kind the engine holds. */
export async function listSaves(context: LabContext): Promise<ListedSaves> {
  const images = await listSavedImages(engineOf(context));
  const saves = (await listNamedSaves(context.paths)).map((save) => {
    const here = images.filter(({ saveId }) => saveId === save.id);
    const isHere = save.nodes.every(({ image }) => here.some(({ references }) => references.includes(image)));
    return { ...summaryOf(save), isHere, containers: here.flatMap(({ containers }) => containers).sort() };
  });
  return { saves, others: strangersAmong(images, await readSaveIds(context.paths)) };
}

/** The saves on an engine of which this checkout has no manifest. */
export async function findStrangeSaves(paths: LabPaths, engine: string): Promise<readonly StrangeSave[]> {
  return strangersAmong(await listSavedImages(engine), await readSaveIds(paths));
}

/** The saves among an engine's images that have none of these numbers. */
function strangersAmong(
  images: readonly EngineSavedImage[],
  own: ReadonlySet<string>,
): readonly StrangeSave[] {
  const strange = images.filter(({ saveId, references }) => !own.has(saveId) && references.length > 0);
  return [...Map.groupBy(strange, ({ saveId }) => saveId)].map(([id, of]) => ({
    id,
    name: of[0]?.saveName ?? "",
    stack: of[0]?.stack ?? "",
    images: of.flatMap(({ references }) => references).sort(),
  }));
}

/**
 * Removes a save with its images.
 *
 * @throws LabError `LAB_NO_SAVE`; `LAB_SAVE_IN_USE` where a lab was made from it.
 */
export async function removeSave(context: LabContext, name: string): Promise<SaveSummary> {
  const save = await requireSave(context.paths, name);
  const users = await removeSaveImages(engineOf(context), save.id);
  if (users.length > 0) {
    throw new LabError(
      "LAB_SAVE_IN_USE",
      {
        en: `The save ${name} is what ${users.join(", ")} ${users.length === 1 ? "was" : "were"} made from; nothing was removed.`,
        ja: `保存${name}は${users.join("、")}の元になっているので、消していません。`,
      },
      {
        hint: {
          en: "./lab down, or ./lab reset, of that lab first",
          ja: "先にそのラボを ./lab down か ./lab reset してください",
        },
      },
    );
  }
  await forgetSave(context.paths, name);
  return summaryOf(save);
}
