import { readFile } from "node:fs/promises";
import type Dockerode from "dockerode";
import type { PropertyMap } from "../../provider/resource.ts";
import { asRecords, asText } from "../table/values.ts";

const DEFAULT_MODE = 0o644;
const EXECUTABLE_MODE = 0o744;

/** Puts the files of `uploads` into a container that is not started yet; they belong to root. */
export async function uploadFiles(
  container: Dockerode.Container,
  inputs: PropertyMap,
  signal: AbortSignal,
): Promise<void> {
  const uploads = asRecords(inputs["uploads"]);
  if (uploads.length === 0) return;
  const { pack } = await import("tar-stream");
  const archive = pack();
  for (const upload of uploads) {
    const name = asText(upload["file"]).replace(/^\/+/u, "");
    archive.entry({ name, mode: modeOf(upload), uid: 0, gid: 0 }, await contentOf(upload));
  }
  archive.finalize();
  await container.putArchive(archive as unknown as NodeJS.ReadableStream, { path: "/", abortSignal: signal });
}

function modeOf(upload: PropertyMap): number {
  const permissions = asText(upload["permissions"]);
  if (permissions !== "") return Number.parseInt(permissions, 8);
  return upload["executable"] === true ? EXECUTABLE_MODE : DEFAULT_MODE;
}

function contentOf(upload: PropertyMap): Promise<Buffer> | Buffer {
  const source = asText(upload["source"]);
  if (source !== "") return readFile(source);
  const base64 = upload["contentBase64"];
  return typeof base64 === "string" ? Buffer.from(base64, "base64") : Buffer.from(asText(upload["content"]));
}
