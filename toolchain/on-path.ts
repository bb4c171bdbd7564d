import { accessSync, constants, statSync } from "node:fs";
import path from "node:path";

/** Every executable file called `name` in the folders of `searchPath`, in order. */
export function findOnPath(name: string, searchPath: string): string[] {
  return searchPath
    .split(path.delimiter)
    .filter((folder) => folder !== "")
    .map((folder) => path.resolve(folder, name))
    .filter(isExecutable);
}

/** Whether `file` is a file that may be run. */
export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** `searchPath` with `folders` first, each folder once, at its first place. */
export function pathWith(folders: readonly string[], searchPath: string): string {
  return [...new Set([...folders, ...searchPath.split(path.delimiter)])]
    .filter((folder) => folder !== "")
    .join(path.delimiter);
}
