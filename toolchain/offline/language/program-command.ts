import { createRequire } from "node:module";
import { join } from "node:path";
import { compileCacheFolder } from "../rpc/compile-cache.ts";
import { PluginError } from "../rpc/plugin-error.ts";

/** What the engine asks to be run, as plain data. */
export interface ProgramRun {
  readonly engine: string;
  readonly monitor: string;
  readonly organization: string;
  readonly project: string;
  readonly stack: string;
  readonly rootFolder: string;
  readonly programFolder: string;
  readonly entryPoint: string;
  readonly isDryRun: boolean;
  /** How many resources may be worked on at once; 0 is the SDK's default. */
  readonly parallel: number;
  readonly programArguments: readonly string[];
  /** `namespace:key` to value, secrets in clear. */
  readonly config: Readonly<Record<string, string>>;
  readonly configSecretKeys: readonly string[];
  readonly options: RuntimeOptions;
}

/** The `options` of Pulumi.yaml's `runtime` that this host honours. */
export interface RuntimeOptions {
  /** False for a program that Node runs by itself: no ts-node. True by default. */
  readonly typescript: boolean;
  readonly tsconfig: string | undefined;
  /** More arguments for Node. */
  readonly nodeArguments: readonly string[];
}

/** A process to start. */
export interface ProcessStart {
  readonly file: string;
  readonly arguments: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
}

/**
 * Reads the runtime's options.
 * @throws PluginError `PLUGIN_OPTION_UNKNOWN` for an option that only the official host has.
 */
export function readRuntimeOptions(options: Readonly<Record<string, unknown>>): RuntimeOptions {
  const { typescript, tsconfig, nodeargs, packagemanager, ...unknown } = options;
  const [name] = Object.keys(unknown);
  if (name !== undefined) {
    throw new PluginError(
      "PLUGIN_OPTION_UNKNOWN",
      `the runtime option ${name} is not in the offline language host`,
      { hint: "It knows typescript, tsconfig and nodeargs; take the option out of Pulumi.yaml." },
    );
  }
  if (packagemanager !== undefined && packagemanager !== "npm") {
    throw new PluginError(
      "PLUGIN_OPTION_UNKNOWN",
      "the offline language host works with the package manager npm only",
      { hint: "Take runtime.options.packagemanager out of Pulumi.yaml, or set it to npm." },
    );
  }
  return {
    typescript: typescript !== false,
    tsconfig: typeof tsconfig === "string" ? tsconfig : undefined,
    nodeArguments: typeof nodeargs === "string" ? nodeargs.split(/\s+/).filter((part) => part !== "") : [],
  };
}

const plainStacks = join(import.meta.dirname, "plain-stacks.cjs");

/** How Node is started for a program: the SDK's own runner, found from the program's folder. */
export function programCommand(
  run: ProgramRun,
  environment: NodeJS.ProcessEnv,
  runner = findRunner(run.programFolder),
): ProcessStart {
  const flags = {
    "--monitor": run.monitor,
    "--engine": run.engine,
    "--organization": run.organization,
    "--project": run.project,
    "--root-directory": run.rootFolder,
    "--stack": run.stack,
    "--pwd": run.programFolder,
    "--parallel": run.parallel > 0 ? String(run.parallel) : "",
  };
  return {
    file: process.execPath,
    arguments: [
      ...run.options.nodeArguments,
      ...(run.options.typescript ? [] : ["--require", plainStacks]),
      runner,
      ...Object.entries(flags).flatMap(([flag, value]) => (value === "" ? [] : [flag, value])),
      ...(run.isDryRun ? ["--dry-run"] : []),
      run.entryPoint === "" ? "." : run.entryPoint,
      ...run.programArguments,
    ],
    environment: programEnvironment(run, environment),
  };
}

function programEnvironment(run: ProgramRun, environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { typescript, tsconfig } = run.options;
  const config = Object.entries(run.config).map(([key, value]) => [configKey(key), value] as const);
  return {
    // Loading the SDK is most of what a program's start costs; the cache saves half a second of it.
    NODE_COMPILE_CACHE: compileCacheFolder(environment),
    ...environment,
    PULUMI_CONFIG: JSON.stringify(Object.fromEntries(config)),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(run.configSecretKeys),
    ...(typescript ? { PULUMI_NODEJS_TYPESCRIPT: "true" } : {}),
    ...(tsconfig === undefined ? {} : { PULUMI_NODEJS_TSCONFIG_PATH: tsconfig }),
  };
}

/** The SDK reads `lab:config:stage` where the engine writes `lab:stage`. */
function configKey(key: string): string {
  const separator = key.indexOf(":");
  return separator < 0 ? key : `${key.slice(0, separator)}:config:${key.slice(separator + 1)}`;
}

function findRunner(programFolder: string): string {
  try {
    return createRequire(join(programFolder, "package.json")).resolve("@pulumi/pulumi/cmd/run");
  } catch (cause) {
    throw new PluginError(
      "PLUGIN_SDK_MISSING",
      `@pulumi/pulumi is not installed for the program in ${programFolder}`,
      { hint: "Install the program's packages: npm ci", cause },
    );
  }
}
