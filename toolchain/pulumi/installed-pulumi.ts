import { realpathSync } from "node:fs";
import os from "node:os";
import path from "node:path";

import { findOnPath, isExecutable } from "../on-path.ts";
import { runTool } from "../tool-command.ts";
import { isAtLeast, parseVersion, type Version } from "../version.ts";
import { moduleEngineVersion, pluginFolder, type PulumiParts } from "./pulumi-parts.ts";

const versionTimeoutMs = 20_000;

/** A whole set of Pulumi's own parts: the command with its Node.js language host, and the plugins. */
export interface OfficialSet {
  /** The folder with `pulumi` and `pulumi-language-nodejs`. */
  readonly binFolder: string;
  /** The folder with `resource-docker-v…` and `resource-command-v…`. */
  readonly pluginsFolder: string;
}

/** Whether `set` has every part that the clone needs. */
export function isWholeSet(set: OfficialSet, parts: PulumiParts): boolean {
  return (
    ["pulumi", "pulumi-language-nodejs"].every((name) => isExecutable(path.join(set.binFolder, name))) &&
    parts.plugins.every((plugin) =>
      isExecutable(path.join(set.pluginsFolder, pluginFolder(plugin), `pulumi-resource-${plugin.name}`)),
    )
  );
}

/**
 * What the user has installed, if it is whole and new enough; a part of it is not used, so that a lab never
 * stands on a mixture.
 */
export async function findInstalledSet(
  root: string,
  parts: PulumiParts,
  signal: AbortSignal,
): Promise<OfficialSet | undefined> {
  const home = process.env["PULUMI_HOME"] || path.join(process.env["HOME"] || os.homedir(), ".pulumi");
  const ownFolder = path.join(root, ".lab");
  if (path.resolve(home).startsWith(ownFolder + path.sep)) return undefined;
  for (const command of findOnPath("pulumi", process.env["PATH"] ?? "")) {
    if (command.startsWith(ownFolder + path.sep)) continue;
    const set = { binFolder: path.dirname(realpathSync(command)), pluginsFolder: path.join(home, "plugins") };
    if (!isWholeSet(set, parts)) continue;
    const version = await versionOf(command, signal);
    const minimum = parseVersion(moduleEngineVersion);
    if (version && minimum && isAtLeast(version, minimum)) return set;
  }
  return undefined;
}

/** The version that a `pulumi` says it has; undefined where it does not even run. */
async function versionOf(command: string, signal: AbortSignal): Promise<Version | undefined> {
  try {
    const env = { PULUMI_SKIP_UPDATE_CHECK: "true" };
    return parseVersion(await runTool(command, ["version"], { signal, timeoutMs: versionTimeoutMs, env }));
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}
