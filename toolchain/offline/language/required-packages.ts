import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** A Pulumi package that the program has installed, and with it the plugin that it needs. */
export interface RequiredPackage {
  /** The plugin's name, `docker`. */
  readonly name: string;
  /** With its `v`, as the engine names versions; empty when the package doesn't say. */
  readonly version: string;
  /** Where the plugin is served from, when that isn't Pulumi's own site. */
  readonly server: string;
}

/**
 * The plugins behind the packages in the `node_modules` folders from `folder` upward. The nearest one counts, as
 * it does for Node.
 */
export function findRequiredPackages(folder: string): RequiredPackage[] {
  const found = new Map<string, RequiredPackage>();
  for (const modules of moduleFolders(folder)) {
    for (const packageFolder of packageFolders(modules)) {
      const required = readRequiredPackage(packageFolder);
      if (required !== undefined && !found.has(required.name)) {
        found.set(required.name, required);
      }
    }
  }
  return [...found.values()];
}

/** The `node_modules` folders that Node looks into from `folder`, nearest first; they need not exist. */
export function moduleFolders(folder: string): string[] {
  const above = dirname(folder);
  return [join(folder, "node_modules"), ...(above === folder ? [] : moduleFolders(above))];
}

function packageFolders(modules: string): string[] {
  return namesIn(modules).flatMap((name) => {
    const folder = join(modules, name);
    return name.startsWith("@") ? namesIn(folder).map((scoped) => join(folder, scoped)) : [folder];
  });
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => !name.startsWith("."));
  } catch {
    // No such folder, or a file: nothing is installed there.
    return [];
  }
}

interface Manifest {
  readonly name?: string;
  readonly pulumi?: {
    readonly resource?: boolean;
    readonly name?: string;
    readonly version?: string;
    readonly server?: string;
  };
}

function readRequiredPackage(folder: string): RequiredPackage | undefined {
  const { name = "", pulumi } = readManifest(folder);
  if (pulumi?.resource !== true) {
    return undefined;
  }
  const version = pulumi.version ?? "";
  return {
    name: pulumi.name ?? name.replace(/^@[^/]+\//, ""),
    version: version === "" || version.startsWith("v") ? version : `v${version}`,
    server: pulumi.server ?? "",
  };
}

function readManifest(folder: string): Manifest {
  try {
    const text = readFileSync(join(folder, "package.json"), "utf8");
    // Parsing some hundred files costs more than looking for one word in them.
    return text.includes('"pulumi"') ? (JSON.parse(text) as Manifest) : {};
  } catch {
    return {};
  }
}
