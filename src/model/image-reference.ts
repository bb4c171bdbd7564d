import { createHash } from "node:crypto";

/** One file of an image's folder. */
export interface ImageFile {
  /** Path inside the folder, with `/`. */
  readonly path: string;
  /** The file's permission bits that matter to Docker: whether its owner may execute it. */
  readonly executable: boolean;
  readonly content: Uint8Array;
}

const tagLength = 16;

/**
 * The reference of an image that is built from these files on that base: an unchanged tree has the same
 * reference on every machine and with an empty build cache.
 *
 * @param name - the image's short name, `mail-host`.
 * @param recipe - what else decides the result: base image, build target.
 * @returns `mail-lab/<name>:<16 hexadecimal digits>`.
 */
export function imageReference(name: string, recipe: readonly string[], files: readonly ImageFile[]): string {
  const hash = createHash("sha256");
  // Lengths keep two different lists from running into the same bytes.
  const add = (bytes: string | Uint8Array): void => {
    hash.update(`${Buffer.byteLength(bytes)}:`).update(bytes);
  };
  recipe.forEach(add);
  for (const file of [...files].sort((left, right) => (left.path < right.path ? -1 : 1))) {
    add(file.path);
    add(file.executable ? "x" : "-");
    add(file.content);
  }
  return `mail-lab/${name}:${hash.digest("hex").slice(0, tagLength)}`;
}
