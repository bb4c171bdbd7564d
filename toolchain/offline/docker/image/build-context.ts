import { createReadStream } from "node:fs";
import { lstat, readdir, readFile, readlink } from "node:fs/promises";
import { isAbsolute, join, relative, resolve, sep } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Pack } from "tar-stream";
import { PluginError } from "../../rpc/plugin-error.ts";
import { parseDockerignore, type IgnoreRules } from "./dockerignore.ts";

const IGNORE_FILE = ".dockerignore";
/** Under this name a Dockerfile from outside the context travels in it. */
const OUTSIDE_DOCKERFILE = ".dockerfile-from-outside-the-context";
const MODE_MASK = 0o7777;

/** A build context on its way to Docker. */
export interface BuildContext {
  readonly archive: Readable;
  /** The Dockerfile's path inside the archive. */
  readonly dockerfile: string;
  /** Settles when the whole context is packed; rejects when a file can't be read. */
  readonly packed: Promise<void>;
}

/**
 * Packs a folder for a build, without what its `.dockerignore` keeps out. Entries come in one order and belong to
 * root, so that the same tree makes the same archive save for the files' times, which the builder doesn't look at.
 * @throws PluginError `OFFLINE_DOCKER_BUILD_CONTEXT` when the folder or its Dockerfile can't be read.
 */
export async function packContext(context: string, dockerfile: string): Promise<BuildContext> {
  const root = resolve(context);
  const file = isAbsolute(dockerfile) ? dockerfile : join(root, dockerfile);
  await requireKind(root, "folder");
  await requireKind(file, "file");
  const inside = relative(root, file).split(sep).join("/");
  const isInside = inside !== "" && !inside.startsWith("../");
  const name = isInside ? inside : OUTSIDE_DOCKERFILE;
  const rules = parseDockerignore(await readIgnoreFile(root));
  const { pack } = await import("tar-stream");
  const archive = pack();
  const pack_ = async (): Promise<void> => {
    if (!isInside) archive.entry({ name, mode: 0o644 }, await readFile(file));
    await packFolder(archive, root, "", rules, new Set([name, IGNORE_FILE]));
    archive.finalize();
  };
  const packed = pack_().catch((error: unknown) => {
    archive.destroy(error instanceof Error ? error : new Error(String(error)));
    throw error;
  });
  return { archive: archive as unknown as Readable, dockerfile: name, packed };
}

async function readIgnoreFile(root: string): Promise<string> {
  try {
    return await readFile(join(root, IGNORE_FILE), "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "";
    throw error;
  }
}

async function requireKind(path: string, kind: "file" | "folder"): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (found !== undefined && (kind === "folder") === found.isDirectory()) return;
  throw new PluginError(
    "OFFLINE_DOCKER_BUILD_CONTEXT",
    `the build needs the ${kind} ${path}, which is not there`,
    {
      hint: "Set build.context (from the folder that the program runs in) and build.dockerfile (from the context).",
    },
  );
}

async function packFolder(
  archive: Pack,
  root: string,
  folder: string,
  rules: IgnoreRules,
  always: ReadonlySet<string>,
): Promise<void> {
  const names = await readdir(join(root, folder));
  for (const entry of names.toSorted()) {
    const name = folder === "" ? entry : `${folder}/${entry}`;
    const path = join(root, name);
    const stats = await lstat(path);
    const isIgnored = rules.ignores(name) && !always.has(name);
    const header = { name, mode: stats.mode & MODE_MASK, mtime: stats.mtime, uid: 0, gid: 0 };
    if (stats.isDirectory()) {
      const isDockerfileInside = [...always].some((kept) => kept.startsWith(`${name}/`));
      if (isIgnored && !rules.hasExceptions && !isDockerfileInside) continue;
      if (!isIgnored) archive.entry({ ...header, type: "directory" });
      await packFolder(archive, root, name, rules, always);
    } else if (isIgnored) {
      continue;
    } else if (stats.isSymbolicLink()) {
      archive.entry({ ...header, type: "symlink", linkname: await readlink(path) });
    } else if (stats.isFile()) {
      await pipeline(createReadStream(path), archive.entry({ ...header, size: stats.size }));
    }
  }
}
