import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { extract } from "tar-stream";
import { askEngine } from "./docker-engine.ts";

/** More than any file has that is read so; what is larger is no file of ours. */
const largestBytes = 8 * 1024 * 1024;

/**
 * What a file in a container holds; the engine gives it, and nothing runs in the container for it.
 *
 * @returns `undefined` where that is no file.
 * @throws LabError `LAB_ENGINE_REFUSED` where there is no such path.
 */
export async function readContainerFile(host: string, id: string, path: string): Promise<Buffer | undefined> {
  return await askEngine(host, async (docker) => {
    const archive = new Readable().wrap(await docker.getContainer(id).getArchive({ path }));
    const entries = extract();
    archive.on("error", (error: Error) => {
      entries.destroy(error);
    });
    archive.pipe(entries);
    try {
      for await (const entry of entries) {
        if (entry.header.type !== "file" || entry.header.size > largestBytes) return undefined;
        return await buffer(entry);
      }
      return undefined;
    } finally {
      archive.destroy();
    }
  });
}
