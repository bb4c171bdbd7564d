import { spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, cpSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";

const repository = path.resolve(import.meta.dirname, "../../../..");

/** A clone with nothing but `./lab`, and a machine whose PATH is what a test puts into `bin`. */
export function machine(folder: string) {
  const clone = path.join(folder, "clone");
  const bin = path.join(folder, "bin");
  const cache = path.join(folder, "cache");
  for (const made of [clone, bin, path.join(clone, "src", "cli")]) mkdirSync(made, { recursive: true });
  copyFileSync(path.join(repository, "lab"), path.join(clone, "lab"));
  const parts = path.join("toolchain", "bootstrap");
  cpSync(path.join(repository, parts), path.join(clone, parts), { recursive: true });
  writeFileSync(path.join(clone, "package-lock.json"), "{}\n");
  for (const tool of [
    "sh",
    "cat",
    "cmp",
    "cp",
    "date",
    "awk",
    "ln",
    "rm",
    "mkdir",
    "mv",
    "readlink",
    "uname",
    "id",
  ]) {
    symlinkSync(`/usr/bin/${tool}`, path.join(bin, tool));
  }
  const environment = { PATH: bin, HOME: folder, MAIL_LAB_CACHE: cache, LANG: "C" };
  return {
    clone,
    bin,
    cache,
    environment,
    run: (args: readonly string[], options: { lab?: string; cwd?: string; language?: string } = {}) => {
      const { status, stdout, stderr } = spawnSync(options.lab ?? path.join(clone, "lab"), args, {
        cwd: options.cwd ?? folder,
        env: { ...environment, LANG: options.language ?? "C" },
        encoding: "utf8",
        timeout: 20_000,
      });
      return { status, stdout, stderr };
    },
    /** A `node` in `place` that says its version and, when it is to run something, what it was given. */
    addNode: (place: string, version: string) => {
      const node = path.join(place, "node");
      mkdirSync(place, { recursive: true });
      const script = `#!/bin/sh\n[ "$1" = --version ] && { echo ${version}; exit; }\necho "${version}: $*"\necho "$PATH" "$MAIL_LAB_NODE" "$NODE_COMPILE_CACHE" >&2\nexit 7\n`;
      writeFileSync(node, script);
      chmodSync(node, 0o755);
      return node;
    },
    addNpm: (script: string) => {
      writeFileSync(path.join(bin, "npm"), `#!/bin/sh\n${script}\n`);
      chmodSync(path.join(bin, "npm"), 0o755);
    },
    /** As if `npm ci` had been run. */
    addPackages: () => {
      mkdirSync(path.join(clone, "node_modules"));
      copyFileSync(
        path.join(clone, "package-lock.json"),
        path.join(clone, "node_modules", ".mail-lab-package-lock.json"),
      );
    },
  };
}
