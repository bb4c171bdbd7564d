import { existsSync } from "node:fs";
import { mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { LabError, exitCode } from "../../model/lab-error.ts";
import { parseSaveManifest, requireSaveName, type SaveManifest } from "../../model/save-manifest.ts";
import type { LabPaths } from "../lab-paths.ts";

/** Whoever reads a manifest knows the saved lab's passwords. */
const [folderMode, fileMode] = [0o700, 0o600] as const;
const suffix = ".json";

/** Where this checkout keeps the manifests of its saves, a file each. */
function savesFolder({ folder }: LabPaths): string {
  return join(folder, "saves");
}

/**
 * Where it keeps those that have no name here: what is being saved, what was replaced while a lab stood on it, and
 * what came from a file. Their images go with `prune` once no container needs them.
 */
function unlistedFolder(paths: LabPaths): string {
  return join(savesFolder(paths), "unlisted");
}

function fileOf(paths: LabPaths, name: string): string {
  return join(savesFolder(paths), `${name}${suffix}`);
}

function unlistedFileOf(paths: LabPaths, id: string): string {
  return join(unlistedFolder(paths), `${id}${suffix}`);
}

/** The save of that name; `undefined` where there is none. */
export async function findSave(paths: LabPaths, name: string): Promise<SaveManifest | undefined> {
  requireSaveName(name);
  const file = fileOf(paths, name);
  return existsSync(file) ? readManifest(paths, file) : undefined;
}

/**
 * The save of that name.
 *
 * @throws LabError `LAB_NO_SAVE` naming those that there are; `LAB_SAVE_NAME`, `LAB_SAVE_FILE`.
 */
export async function requireSave(paths: LabPaths, name: string): Promise<SaveManifest> {
  const save = await findSave(paths, name);
  if (save !== undefined) return save;
  const names = (await saveNames(paths)).join(", ");
  throw new LabError(
    "LAB_NO_SAVE",
    {
      en: `There is no save “${name}”${names === "" ? "" : `; there are ${names}`}.`,
      ja: `「${name}」という保存はありません。${names === "" ? "" : `あるのは${names}です。`}`,
    },
    {
      hint: { en: "./lab saves lists them", ja: "./lab saves で一覧が見られます" },
      exit: exitCode.usage,
    },
  );
}

/** The names of this checkout's saves, in order. */
async function saveNames(paths: LabPaths): Promise<readonly string[]> {
  return namesIn(savesFolder(paths));
}

async function namesIn(folder: string): Promise<readonly string[]> {
  if (!existsSync(folder)) return [];
  const files = await readdir(folder);
  return files
    .filter((file) => file.endsWith(suffix))
    .map((file) => file.slice(0, -suffix.length))
    .sort();
}

/** All saves of this checkout that have a name here, by name. */
export async function listNamedSaves(paths: LabPaths): Promise<readonly SaveManifest[]> {
  const names = await saveNames(paths);
  return Promise.all(names.map((name) => readManifest(paths, fileOf(paths, name))));
}

/** Those that have none. */
export async function listUnlistedSaves(paths: LabPaths): Promise<readonly SaveManifest[]> {
  const ids = await namesIn(unlistedFolder(paths));
  return Promise.all(ids.map((id) => readManifest(paths, unlistedFileOf(paths, id))));
}

/** The numbers of all saves of this checkout, also of those whose manifest is broken otherwise. */
export async function readSaveIds(paths: LabPaths): Promise<ReadonlySet<string>> {
  const named = await Promise.all(
    (await saveNames(paths)).map((name) => readFile(fileOf(paths, name), "utf8").catch(() => "")),
  );
  const ids = named.flatMap((text) => /"id": "([0-9a-f]+)"/.exec(text)?.slice(1) ?? []);
  return new Set([...ids, ...(await namesIn(unlistedFolder(paths)))]);
}

/** Keeps a save under its name. */
export async function keepSave(paths: LabPaths, save: SaveManifest): Promise<void> {
  await mkdir(savesFolder(paths), { recursive: true, mode: folderMode });
  await writeManifest(fileOf(paths, save.name), save);
}

/** Keeps a save without a name, until nothing needs its images. */
export async function keepUnlisted(paths: LabPaths, save: SaveManifest): Promise<void> {
  await mkdir(unlistedFolder(paths), { recursive: true, mode: folderMode });
  await writeManifest(unlistedFileOf(paths, save.id), save);
}

/** Forgets the save of that name; its images are the caller's affair. */
export async function forgetSave(paths: LabPaths, name: string): Promise<void> {
  requireSaveName(name);
  await rm(fileOf(paths, name), { force: true });
}

/** Forgets a save without a name. */
export async function forgetUnlisted(paths: LabPaths, { id }: SaveManifest): Promise<void> {
  await rm(unlistedFileOf(paths, id), { force: true });
}

/** Written whole and then renamed, so that a kill leaves the old file or the new one. */
async function writeManifest(file: string, save: SaveManifest): Promise<void> {
  const fresh = `${file}.${process.pid}`;
  try {
    await writeFile(fresh, `${JSON.stringify(save, undefined, 2)}\n`, { mode: fileMode, flag: "wx" });
    await rename(fresh, file);
  } finally {
    await rm(fresh, { force: true });
  }
}

async function readManifest({ root }: LabPaths, file: string): Promise<SaveManifest> {
  const read = parseSaveManifest(await readFile(file, "utf8"));
  if (!("problem" in read)) return read;
  const name = relative(root, file);
  throw new LabError(
    "LAB_SAVE_FILE",
    {
      en: `${name} is no save that can be read: ${read.problem.en}.`,
      ja: `${name} は読み取れる保存ではありません（${read.problem.ja}）。`,
    },
    {
      hint: {
        en: `mv ${name} elsewhere; its images stay: docker images mail-lab/save`,
        ja: `${name} をよそへ移してください。イメージは残ります（docker images mail-lab/save）`,
      },
      exit: exitCode.usage,
    },
  );
}
