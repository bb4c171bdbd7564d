import { lstatSync } from "node:fs";
import { mkdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import path from "node:path";

import type { OfficialSet } from "./installed-pulumi.ts";

/** The places of a clone's own Pulumi, which `pulumi` typed by hand uses too. */
export interface ClonePulumi {
  readonly binFolder: string;
  readonly pulumiHome: string;
}

/** Where the clone at `root` has its Pulumi. */
export function clonePulumi(root: string): ClonePulumi {
  return { binFolder: path.join(root, ".lab", "bin"), pulumiHome: path.join(root, ".lab", "pulumi") };
}

/** Points the clone to Pulumi's own command, language host and plugins. */
export async function linkOfficial({ binFolder, pulumiHome }: ClonePulumi, set: OfficialSet): Promise<void> {
  await mkdir(binFolder, { recursive: true });
  await mkdir(pulumiHome, { recursive: true });
  for (const name of ["pulumi", "pulumi-language-nodejs"]) {
    await replaceWithLink(path.join(binFolder, name), path.join(set.binFolder, name));
  }
  await replaceWithLink(path.join(pulumiHome, "plugins"), set.pluginsFolder);
  await closeLogs(pulumiHome);
}

/** Points the clone to the engine built from the Go module, and installs the project's own plugins beside it. */
export async function linkOffline(clone: ClonePulumi, engine: string): Promise<void> {
  const { binFolder, pulumiHome } = clone;
  await mkdir(binFolder, { recursive: true });
  await mkdir(pulumiHome, { recursive: true });
  await replaceWithLink(path.join(binFolder, "pulumi"), engine);
  // Never write through a link into Pulumi's own parts.
  const plugins = path.join(pulumiHome, "plugins");
  if (isLink(plugins)) await rm(plugins);
  const { installOfflinePlugins } = await import("../offline/install.ts");
  await installOfflinePlugins({ pulumiHome });
  // Pulumi's own language host, or a stand-in from before: on PATH it would go first, with a warning.
  await rm(path.join(binFolder, "pulumi-language-nodejs"), { force: true });
  await closeLogs(pulumiHome);
}

/**
 * Pulumi logs each command into a folder of its home, half a megabyte of an update, in a seventh of the update's
 * processor time; with a file in the folder's place it goes without. `pulumi --verbose` logs elsewhere as ever.
 */
async function closeLogs(pulumiHome: string): Promise<void> {
  if (areLogsClosed(pulumiHome)) return;
  const logs = logsOf(pulumiHome);
  await rm(logs, { recursive: true, force: true });
  await writeFile(logs, "");
}

/** Whether the engine finds no place to log its commands. */
export function areLogsClosed(pulumiHome: string): boolean {
  return lstatSync(logsOf(pulumiHome), { throwIfNoEntry: false })?.isFile() ?? false;
}

function logsOf(pulumiHome: string): string {
  return path.join(pulumiHome, "logs");
}

async function replaceWithLink(file: string, target: string): Promise<void> {
  const unfinished = `${file}.part-${process.pid}`;
  await rm(unfinished, { force: true });
  await symlink(target, unfinished);
  if (!isLink(file)) await rm(file, { recursive: true, force: true });
  await rename(unfinished, file);
}

function isLink(file: string): boolean {
  return lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
}
