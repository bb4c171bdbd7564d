import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { PluginError } from "../rpc/plugin-error.ts";
import { moduleFolders } from "./required-packages.ts";

/** Installs the packages of the program in `folder` by npm, exactly as locked where there is a lock file. */
export async function installDependencies(
  folder: string,
  show: (stream: "stdout" | "stderr", output: Buffer) => void,
): Promise<void> {
  const packageFolder = findPackageFolder(folder);
  const task = existsSync(join(packageFolder, "package-lock.json")) ? "ci" : "install";
  show("stdout", Buffer.from(`npm ${task} (in ${packageFolder})\n`));
  const npm = spawn("npm", [task], { cwd: packageFolder, stdio: ["ignore", "pipe", "pipe"] });
  npm.stdout.on("data", (output: Buffer) => {
    show("stdout", output);
  });
  npm.stderr.on("data", (output: Buffer) => {
    show("stderr", output);
  });
  const [code] = (await once(npm, "close")) as [number | null];
  if (code !== 0) {
    throw new PluginError(
      "PLUGIN_NPM_FAILED",
      `npm ${task} in ${packageFolder} failed (exit code ${String(code)})`,
    );
  }
}

/** A package that the program's package.json names, as installed. */
export interface Dependency {
  readonly name: string;
  readonly version: string;
}

/** The packages that the program names itself; one that isn't installed has the range that it asks for. */
export function listDependencies(folder: string): Dependency[] {
  const manifest = readManifest(findPackageFolder(folder));
  const wanted = { ...manifest.dependencies, ...manifest.devDependencies };
  return Object.entries(wanted).map(([name, range]) => ({
    name,
    version: installedVersion(folder, name) ?? range,
  }));
}

function findPackageFolder(folder: string): string {
  if (existsSync(join(folder, "package.json"))) {
    return folder;
  }
  const above = dirname(folder);
  if (above === folder) {
    throw new PluginError(
      "PLUGIN_NO_PACKAGE",
      "there is no package.json in the program's folder or above it",
      {
        hint: "Make one: npm init",
      },
    );
  }
  return findPackageFolder(above);
}

function installedVersion(folder: string, name: string): string | undefined {
  const installed = moduleFolders(folder)
    .map((modules) => join(modules, name))
    .find((candidate) => existsSync(join(candidate, "package.json")));
  return installed === undefined ? undefined : readManifest(installed).version;
}

interface Manifest {
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
}
