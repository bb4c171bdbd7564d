import { removeImage } from "../../engine/lab-images.ts";
import { listSavedImages, type EngineSavedImage } from "../../engine/saved-images.ts";

/** The images of one save that an engine has. */
export async function saveImagesOf(engine: string, id: string): Promise<readonly EngineSavedImage[]> {
  return (await listSavedImages(engine)).filter(({ saveId }) => saveId === id);
}

/**
 * Removes the images of a save.
 *
 * @returns the containers that were made from one, by name: then nothing was removed.
 */
export async function removeSaveImages(engine: string, id: string): Promise<readonly string[]> {
  const images = await saveImagesOf(engine, id);
  const users = images.flatMap(({ containers }) => containers);
  if (users.length > 0) return users;
  // What a later save of a restored lab stands on stays as its layers, without a name, until that one goes.
  for (const image of images.filter(({ references }) => references.length > 0))
    await removeImage(engine, image);
  return [];
}
