import type { SaveManifest } from "../../model/save-manifest.ts";
import { engineOf, type LabContext } from "../lab-context.ts";
import { forgetUnlisted, keepUnlisted, listUnlistedSaves } from "./save-store.ts";
import { removeSaveImages } from "./save-images.ts";

/**
 * Removes the images of a save whose name another one has now. Where a lab stands on them, as when a student goes on
 * in a restored lab and saves it under the old name, they stay until `prune` finds them unused.
 */
export async function retireSave(context: LabContext, save: SaveManifest): Promise<void> {
  await keepUnlisted(context.paths, save);
  await removeIfUnused(context, save);
}

/**
 * Removes the images of all saves that have no name here and that no container was made from.
 *
 * @returns their references.
 */
export async function pruneUnlistedSaves(context: LabContext): Promise<readonly string[]> {
  const removed: string[] = [];
  for (const save of await listUnlistedSaves(context.paths)) {
    context.signal.throwIfAborted();
    if (await removeIfUnused(context, save)) removed.push(...save.nodes.map(({ image }) => image));
  }
  return removed;
}

async function removeIfUnused(context: LabContext, save: SaveManifest): Promise<boolean> {
  const users = await removeSaveImages(engineOf(context), save.id);
  if (users.length > 0) return false;
  await forgetUnlisted(context.paths, save);
  return true;
}
