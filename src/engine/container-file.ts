import { buffer } from "node:stream/consumers";
import { extract } from "tar-stream";
import { askEngine } from "./docker-engine.ts";

/** More than any file has that is read so, its place in an archive included; what is larger is no file of ours. */
const largestBytes = 8 * 1024 * 1024;

/**
 * What a file in a container holds; the engine gives it, and nothing runs in the container for it.
 *
 * @returns `undefined` where that is no file.
 * @throws LabError `LAB_ENGINE_REFUSED` where there is no such path.
 */
export async function readContainerFile(host: string, id: string, path: string): Promise<Buffer | undefined> {
  return await askEngine(host, async (docker) => {
    const archive = await wholeOf(await docker.getContainer(id).getArchive({ path }));
    return archive && (await firstFileIn(archive));
  });
}

/** All that a stream gives, which fails where it is cut off; `undefined` where that is too much. */
async function wholeOf(stream: NodeJS.ReadableStream): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (sizeBytes > largestBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function firstFileIn(archive: Buffer): Promise<Buffer | undefined> {
  const entries = extract();
  entries.end(archive);
  for await (const entry of entries) return entry.header.type === "file" ? await buffer(entry) : undefined;
  return undefined;
}
