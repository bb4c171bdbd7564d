import { createRequire } from "node:module";
import { lstat, mkdir, readlink, rename, rm, symlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** The providers that have a stand-in; each is named as its npm package under `@pulumi`. */
type ProviderName = "docker" | "command";

/** The kinds of plugins, in the engine's words for their folders. */
type PluginKind = "language" | "resource";

/** Where the stand-ins go, and for which versions they stand. */
export interface OfflinePluginInstallation {
  /** PULUMI_HOME, `~/.pulumi` by default. */
  readonly pulumiHome: string;
  /** Versions without `v`; by default those that the installed npm packages ask for. */
  readonly pluginVersions?: Partial<Readonly<Record<ProviderName, string>>>;
}

/** What became of one plugin. */
export interface InstalledPlugin {
  readonly path: string;
  /** `kept`: an official plugin is there already, and goes first. `unchanged`: our link was there. */
  readonly outcome: "linked" | "unchanged" | "kept";
}

/** All of them in PULUMI_HOME: of a plugin that it finds on PATH the engine warns in every command. */
const standIns: readonly { readonly kind: PluginKind; readonly name: "nodejs" | ProviderName }[] = [
  { kind: "language", name: "nodejs" },
  { kind: "resource", name: "docker" },
  { kind: "resource", name: "command" },
];

const launchers = join(import.meta.dirname, "bin");

/**
 * Puts links to the stand-ins where the Pulumi engine looks for its plugins. Links, so that they follow this
 * folder's content; run it again after the folder moved, or whenever: what is right already stays as it is.
 */
export async function installOfflinePlugins(
  installation: OfflinePluginInstallation,
): Promise<InstalledPlugin[]> {
  const { pulumiHome, pluginVersions = {} } = installation;
  return await Promise.all(
    standIns.map(({ kind, name }) => {
      const version =
        name === "nodejs" ? packageVersion("pulumi") : (pluginVersions[name] ?? packageVersion(name));
      return link(pluginPath(pulumiHome, kind, name, version));
    }),
  );
}

/** Whether the provider in PULUMI_HOME is the stand-in, and not an official plugin that was there before. */
export async function isStandIn(pulumiHome: string, name: string): Promise<boolean> {
  const path = pluginPath(pulumiHome, "resource", name, packageVersion(name));
  return (await linkTarget(path)) === join(launchers, basename(path));
}

/** Where the engine looks for a plugin; the file is named as its launcher. */
function pluginPath(pulumiHome: string, kind: PluginKind, name: string, version: string): string {
  return join(pulumiHome, "plugins", `${kind}-${name}-v${version}`, `pulumi-${kind}-${name}`);
}

/** The plugin version that the installed npm package names; of a provider the engine wants exactly that one. */
function packageVersion(name: string): string {
  const manifest = createRequire(import.meta.url)(`@pulumi/${name}/package.json`) as {
    readonly version: string;
    readonly pulumi?: { readonly version?: string };
  };
  return manifest.pulumi?.version ?? manifest.version;
}

async function link(path: string): Promise<InstalledPlugin> {
  const target = join(launchers, basename(path));
  const present = await linkTarget(path);
  if (present === target) {
    return { path, outcome: "unchanged" };
  }
  if (present === "not a link") {
    return { path, outcome: "kept" };
  }
  await mkdir(dirname(path), { recursive: true });
  // Made under another name and moved: whoever looks meanwhile finds the old link or the new one.
  const fresh = join(dirname(path), `.${basename(path)}.${String(process.pid)}`);
  await rm(fresh, { force: true });
  await symlink(target, fresh);
  await rename(fresh, path);
  return { path, outcome: "linked" };
}

async function linkTarget(path: string): Promise<string | undefined> {
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined) {
    return undefined;
  }
  return found.isSymbolicLink() ? await readlink(path) : "not a link";
}
