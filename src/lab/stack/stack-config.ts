import { mkdir, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { stringify } from "yaml";
import { checkStages } from "../../course/stage.ts";
import type { RuleLeniency } from "../../model/config-rules.ts";
import { parseLabConfig, textKeys, type LabConfig } from "../../model/lab-config.ts";
import { readChosenValues } from "../machine/chosen-values.ts";
import type { LabPaths } from "../lab-paths.ts";
import { readYamlFields } from "./read-yaml.ts";

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

async function readProject(root: string): Promise<ProjectSettings> {
  const project = await readYamlFields(join(root, projectFile), root, "config");
  if (project === undefined) throw new Error(`${projectFile} is missing in ${root}`);
  return project as unknown as ProjectSettings;
}

/** The project's name, which Pulumi has in the names of its stacks. */
export async function projectName({ root }: LabPaths): Promise<string> {
  return (await readProject(root)).name;
}

/** A stack's settings as a file of the checkout has them; `undefined` where there is no such file. */
async function readSettings(paths: LabPaths, file: string): Promise<StackSettings | undefined> {
  return readYamlFields(file, paths.root, "config");
}

/** The whole configuration from its values, each by itself, all together, and its stage. */
function checkedConfig(values: Readonly<Record<string, unknown>>, leniency: RuleLeniency): LabConfig {
  const config = parseLabConfig(values, leniency);
  checkStages(config);
  return config;
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
  return ownValues(project, await readSettings(paths, paths.stackConfig));
}

function ownValues(project: ProjectSettings, settings: StackSettings | undefined): Record<string, unknown> {
  const prefix = `${project.name}:`;
  return Object.fromEntries(
    Object.entries(settings?.config ?? {})
      .map(([key, value]) => [key.replace(prefix, ""), value] as const)
      .filter(([key, value]) => !key.includes(":") && !isSecret(value))
      .map(([key, value]) => [key, programValue(key, value)]),
  );
}

/** A secret is kept encrypted, and is the program's alone. */
function isSecret(value: unknown): boolean {
  return typeof value === "object" && value !== null && "secure" in value;
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
  return checkedConfig({ ...(await readDefaults(paths)), ...values }, { mayPublishUnknownHosts });
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
  return checkedConfig({ ...(await readDefaults(paths)), ...userValues }, { mayLackCarrier: true });
}

/**
 * Checks what the user has set for a stack, in its own file and in the committed one, before anything is brought or
 * made for it. What the machine chose last time is passed over: it may be older, and is chosen anew or read later.
 *
 * @returns the configuration as the user wants it.
 * @throws LabError `LAB_CONFIG`, `LAB_CONFIG_FILE`, `LAB_STAGE`.
 */
export async function checkUserConfig(paths: LabPaths, stack: string): Promise<LabConfig> {
  return readUnsettledConfig(paths, await readUserValues(paths, stack));
}

/**
 * What the user set: everything in the committed file, and in the stack's own file what differs from what the machine
 * chose last time.
 */
export async function readUserValues(
  paths: LabPaths,
  stack: string,
): Promise<Readonly<Record<string, unknown>>> {
  const chosen = await readChosenValues(paths);
  const own = Object.entries(await readOwnValues(paths));
  return {
    ...Object.fromEntries(own.filter(([key, value]) => !isDeepStrictEqual(value, chosen[key]))),
    ...(await readCommittedValues(paths, stack)),
  };
}

/** The values that the project's committed `Pulumi.<stack>.yaml` sets, without the project's prefix. */
export async function readCommittedValues(
  paths: LabPaths,
  stack: string,
): Promise<Readonly<Record<string, unknown>>> {
  return ownValues(await readProject(paths.root), await readSettings(paths, committedFile(paths, stack)));
}

/** Where the project sets what holds for a stack in every clone. */
function committedFile(paths: LabPaths, stack: string): string {
  return join(paths.root, `Pulumi.${stack}.yaml`);
}

/**
 * Takes over what the project's committed `Pulumi.<stack>.yaml` sets, where it has one. Pulumi itself reads and
 * writes the stack's own file, so the committed one stays free of salts, secrets and what a machine adds.
 *
 * A list that `pulumi config set` stored as JSON text becomes one: Pulumi's engine refuses its own text otherwise.
 */
export async function takeOverCommittedConfig(paths: LabPaths, stack: string): Promise<void> {
  const committed = await readSettings(paths, committedFile(paths, stack));
  const settings = (await readSettings(paths, paths.stackConfig)) ?? {};
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

/** Adds values to the stack's configuration file; keys that are set keep their place, `undefined` takes one out. */
export async function setOwnValues(
  paths: LabPaths,
  values: Readonly<Record<string, unknown>>,
): Promise<void> {
  const project = await readProject(paths.root);
  const settings = (await readSettings(paths, paths.stackConfig)) ?? {};
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
