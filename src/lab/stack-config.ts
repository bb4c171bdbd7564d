import { existsSync } from "node:fs";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { parse, stringify } from "yaml";
import { parseLabConfig, textKeys, type LabConfig } from "../model/lab-config.ts";
import { readChosenValues } from "./chosen-values.ts";
import type { LabPaths } from "./lab-paths.ts";

/** A stack's configuration file, as Pulumi keeps it: `config` and what secrets need. */
interface StackSettings {
  config?: Record<string, unknown>;
  [other: string]: unknown;
}

interface ProjectSettings {
  name: string;
  config: Record<string, { default?: unknown }>;
}

const projectFile = "Pulumi.yaml";

async function readYaml<Document>(path: string): Promise<Document | undefined> {
  if (!existsSync(path)) return undefined;
  return (parse(await readFile(path, "utf8")) ?? {}) as Document;
}

async function readProject(root: string): Promise<ProjectSettings> {
  const project = await readYaml<ProjectSettings>(join(root, projectFile));
  if (project === undefined) throw new Error(`${projectFile} is missing in ${root}`);
  return project;
}

/** A value as the program gets it: what is no text, `pulumi config set` stores as JSON in a string. */
function programValue(key: string, value: unknown): unknown {
  // A key with a colon left is another package's.
  if (typeof value !== "string" || textKeys.has(key) || key.includes(":")) return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    // The check of the configuration says what belongs there.
    return value;
  }
}

/** The values that the stack's own file sets, without the project's prefix; other packages' keys are none. */
export async function readOwnValues(paths: LabPaths): Promise<Readonly<Record<string, unknown>>> {
  const project = await readProject(paths.root);
  const settings = await readYaml<StackSettings>(paths.stackConfig);
  const prefix = `${project.name}:`;
  return Object.fromEntries(
    Object.entries(settings?.config ?? {})
      .map(([key, value]) => [key.replace(prefix, ""), value] as const)
      .filter(([key]) => !key.includes(":"))
      .map(([key, value]) => [key, programValue(key, value)]),
  );
}

/** The defaults that Pulumi.yaml declares. */
async function readDefaults(paths: LabPaths): Promise<Readonly<Record<string, unknown>>> {
  const project = await readProject(paths.root);
  return Object.fromEntries(
    Object.entries(project.config).map(([key, declaration]) => [key, declaration.default]),
  );
}

/**
 * The stack's whole configuration: its own values over Pulumi.yaml's defaults.
 *
 * @throws LabError `LAB_CONFIG`.
 */
export async function readLabConfig(paths: LabPaths): Promise<LabConfig> {
  const values = await readOwnValues(paths);
  const { publish } = await readChosenValues(paths);
  // Ports that the machine chose may be older than the list of hosts, and nobody mistyped a name.
  const mayPublishUnknownHosts = isDeepStrictEqual(values["publish"], publish);
  return parseLabConfig({ ...(await readDefaults(paths)), ...values }, { mayPublishUnknownHosts });
}

/**
 * The configuration as the user wants it: these values over Pulumi.yaml's defaults, and nothing of what the machine
 * chose. It may still lack the carrier network.
 *
 * @throws LabError `LAB_CONFIG`.
 */
export async function readUnsettledConfig(
  paths: LabPaths,
  userValues: Readonly<Record<string, unknown>>,
): Promise<LabConfig> {
  return parseLabConfig({ ...(await readDefaults(paths)), ...userValues }, { mayLackCarrier: true });
}

/**
 * Takes over what the project's committed `Pulumi.<stack>.yaml` sets, where it has one. Pulumi itself reads and
 * writes the stack's own file, so the committed one stays free of salts, secrets and what a machine adds.
 *
 * A list that `pulumi config set` stored as JSON text becomes one: Pulumi's engine refuses its own text otherwise.
 */
export async function takeOverCommittedConfig(paths: LabPaths, stack: string): Promise<void> {
  const committed = await readYaml<StackSettings>(join(paths.root, `Pulumi.${stack}.yaml`));
  const settings = (await readYaml<StackSettings>(paths.stackConfig)) ?? {};
  const { name } = await readProject(paths.root);
  const config = Object.fromEntries(
    Object.entries({ ...settings.config, ...committed?.config }).map(([key, value]) => [
      key,
      programValue(key.replace(`${name}:`, ""), value),
    ]),
  );
  if (settings.config !== undefined && isDeepStrictEqual(config, settings.config)) return;
  await writeStackSettings(paths, { ...settings, config });
}

/** Adds values to the stack's configuration file; keys that are set keep their place. */
export async function setOwnValues(
  paths: LabPaths,
  values: Readonly<Record<string, unknown>>,
): Promise<void> {
  const project = await readProject(paths.root);
  const settings = (await readYaml<StackSettings>(paths.stackConfig)) ?? {};
  const added = Object.fromEntries(
    Object.entries(values).map(([key, value]) => [`${project.name}:${key}`, value]),
  );
  await writeStackSettings(paths, { ...settings, config: { ...settings.config, ...added } });
}

/** Written whole and then renamed, so that a kill leaves the old file or the new one. */
async function writeStackSettings(paths: LabPaths, settings: StackSettings): Promise<void> {
  await mkdir(dirname(paths.stackConfig), { recursive: true });
  const fresh = `${paths.stackConfig}.${process.pid}`;
  await writeFile(fresh, stringify(settings));
  await rename(fresh, paths.stackConfig);
}
