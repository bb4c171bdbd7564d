import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { posix } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createZstdDecompress } from "node:zlib";
import { extract, type Extract } from "tar-stream";
import { LabError, exitCode } from "../../model/lab-error.ts";
import { parseSaveManifest, saveRepository, type SaveManifest } from "../../model/save-manifest.ts";
import type { Text } from "../../model/text.ts";

/** The first entry of a save's file; the rest is what `docker save` wrote. */
export const manifestEntry = "mail-lab-save.json";

/** How a file begins that Zstandard has packed (RFC 8878, section 3.1.1). */
const zstdMagic = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);
/** More than any list of images has; layers are not kept in memory. */
const largestListBytes = 4 * 1024 * 1024;
/** Where an engine finds which images a tar has and what they are to be called, in its several forms. */
const imageLists = ["manifest.json", "repositories", "index.json"] as const;
const plainTypes: ReadonlySet<string> = new Set(["file", "directory", "symlink", "link"]);

/** An entry of a tar, as it is read. */
type Entry = Extract extends AsyncIterable<infer Read> ? Read : never;

/** What keeps a file from being taken for a save; becomes `LAB_SAVE_FILE`. */
class NotASave extends Error {
  readonly text: Text;

  constructor(text: Text) {
    super(text.en);
    this.text = text;
  }
}

/**
 * Reads a save's file from end to end and makes sure that it is whole, and that an engine which loads it gets the
 * save's own images and nothing else.
 *
 * @throws LabError `LAB_SAVE_FILE`.
 */
export async function readSaveFile(file: string, signal: AbortSignal): Promise<SaveManifest> {
  try {
    await requirePacked(file);
    return await readTar(file, signal);
  } catch (cause) {
    if (signal.aborted) throw cause;
    throw new LabError(
      "LAB_SAVE_FILE",
      {
        en: `${file} is no save that can be read: ${reasonOf(cause).en}. Nothing was made.`,
        ja: `${file} は読み取れる保存ファイルではありません（${reasonOf(cause).ja}）。何も作っていません。`,
      },
      {
        hint: {
          en: "give a file that ./lab save NAME --file FILE wrote, copied whole",
          ja: "./lab save 名前 --file ファイル で作ったファイルを、欠けのないようにコピーして指定してください",
        },
        exit: exitCode.usage,
        cause,
      },
    );
  }
}

/** The images in a save's file, as an engine loads them. */
export function imagesIn(file: string): Readable {
  const packed = createReadStream(file);
  const images = createZstdDecompress();
  packed.once("error", (error) => images.destroy(error));
  return packed.pipe(images);
}

function reasonOf(cause: unknown): Text {
  if (cause instanceof NotASave) return cause.text;
  const words = cause instanceof Error ? cause.message : String(cause);
  return { en: words, ja: words };
}

async function requirePacked(file: string): Promise<void> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(zstdMagic.length), 0, zstdMagic.length, 0);
    if (bytesRead === zstdMagic.length && buffer.equals(zstdMagic)) return;
  } finally {
    await handle.close();
  }
  throw new NotASave({ en: "./lab save did not write it", ja: "./lab save の作ったものではありません" });
}

async function readTar(file: string, signal: AbortSignal): Promise<SaveManifest> {
  const entries = extract();
  const unpacked = pipeline(createReadStream(file), createZstdDecompress(), entries, { signal });
  const read = readEntries(entries);
  // Of two failures the reader's says more; the other is its echo.
  const [pipe, found] = await Promise.allSettled([unpacked, read]);
  if (found.status === "rejected") throw asError(found.reason);
  if (pipe.status === "rejected") throw asError(pipe.reason);
  return found.value;
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}

async function readEntries(entries: AsyncIterable<Entry>): Promise<SaveManifest> {
  let save: SaveManifest | undefined;
  const loaded = new Set<string>();
  for await (const entry of entries) {
    if (save === undefined) {
      save = await readManifestEntry(entry);
      continue;
    }
    requireInside(entry);
    const list = imageLists.find((name) => name === posix.normalize(entry.header.name));
    if (list === undefined) entry.resume();
    else for (const reference of await referencesIn(entry)) loaded.add(reference);
  }
  if (save === undefined) throw new NotASave({ en: "it is empty", ja: "空です" });
  requireOwnImages(save, loaded);
  return save;
}

async function readManifestEntry(entry: Entry): Promise<SaveManifest> {
  if (entry.header.name !== manifestEntry)
    throw new NotASave({ en: "it has no manifest of mail-lab", ja: "mail-labのマニフェストがありません" });
  const read = parseSaveManifest(await textOf(entry));
  if ("problem" in read) throw new NotASave(read.problem);
  return read;
}

/** A name or a link that leaves the folder which an engine unpacks to is none that an engine wrote. */
function requireInside({ header }: Entry): void {
  const { name, type } = header;
  // A file's is null, whatever the types say.
  const link = (header.linkname as string | null) ?? "";
  const target = type === "link" ? link : posix.join(posix.dirname(name), link);
  const isStray = [name, target, posix.isAbsolute(link) ? "/" : "."]
    .map((path) => posix.normalize(path))
    .some((path) => path.startsWith("/") || path === ".." || path.startsWith("../"));
  if (!isStray && plainTypes.has(type)) return;
  throw new NotASave({
    en: `its entry ${JSON.stringify(name)} leads outside`,
    ja: `中の ${JSON.stringify(name)} が外を指しています`,
  });
}

/** The references that an engine would give to images of the tar, by one of its lists. */
async function referencesIn(entry: Entry): Promise<readonly string[]> {
  const { name } = entry.header;
  let list: unknown;
  try {
    list = JSON.parse(await textOf(entry));
  } catch (cause) {
    if (cause instanceof NotASave) throw cause;
    throw new NotASave({ en: `its ${name} is no JSON`, ja: `中の${name}がJSONではありません` });
  }
  if (posix.normalize(name) === "repositories") {
    return Object.entries(list as Record<string, Record<string, string>>).flatMap(([repository, tags]) =>
      Object.keys(tags).map((tag) => `${repository}:${tag}`),
    );
  }
  if (posix.normalize(name) === "manifest.json") {
    return (list as { RepoTags?: string[] | null }[]).flatMap(({ RepoTags }) => RepoTags ?? ["(no name)"]);
  }
  // The index of an OCI layout; images of one's own have no registry in front of their name there but Docker's.
  return ((list as { manifests?: OciManifest[] }).manifests ?? []).flatMap(({ annotations }) => {
    const reference = annotations?.["io.containerd.image.name"];
    return reference === undefined ? [] : [reference.replace(/^docker\.io\//, "")];
  });
}

/** An image in the index of an OCI layout. */
interface OciManifest {
  readonly annotations?: Readonly<Record<string, string>>;
}

function requireOwnImages({ nodes }: SaveManifest, loaded: ReadonlySet<string>): void {
  const own = new Set(nodes.map(({ image }) => image));
  const missing = [...own].filter((reference) => !loaded.has(reference));
  const foreign = [...loaded].filter((reference) => !own.has(reference));
  if (missing.length > 0) {
    const list = missing.join(", ");
    throw new NotASave({ en: `the images ${list} are missing`, ja: `イメージがありません: ${list}` });
  }
  if (foreign.length > 0) {
    const list = foreign.join(", ");
    throw new NotASave({
      en: `it has images that are no part of the save (${saveRepository}): ${list}`,
      ja: `保存（${saveRepository}）のものではないイメージが入っています: ${list}`,
    });
  }
}

async function textOf(entry: Entry): Promise<string> {
  if (entry.header.size > largestListBytes) {
    const { name } = entry.header;
    throw new NotASave({ en: `its ${name} is too large`, ja: `中の${name}が大きすぎます` });
  }
  const chunks: Buffer[] = [];
  for await (const chunk of entry) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
