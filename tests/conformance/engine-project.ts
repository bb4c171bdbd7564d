import { execFile } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const root = join(import.meta.dirname, "../..");
const bin = join(root, "toolchain/offline/bin");
/** The passphrase that the recorded states' secrets were sealed with. */
const PASSPHRASE = "x";
const STACK = "dev";
/** Versions of the npm packages, which are the versions that the engine looks plugins up by. */
const plugins = [
  ["language-nodejs-v3.270.0", "pulumi-language-nodejs"],
  ["resource-docker-v5.2.0", "pulumi-resource-docker"],
  ["resource-command-v1.2.1", "pulumi-resource-command"],
] as const;
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

/** The Pulumi engine: `MAIL_LAB_PULUMI`, else the one that the toolchain brought, else the one in PATH. */
function findEngine(): string {
  const folders = [join(root, ".lab/bin"), ...(process.env["PATH"] ?? "").split(delimiter)];
  const candidates = [process.env["MAIL_LAB_PULUMI"], ...folders.map((folder) => join(folder, "pulumi"))];
  const found = candidates.find((path) => path !== undefined && path !== "" && isExecutable(path));
  if (found === undefined) {
    throw new Error(
      "no Pulumi engine: set MAIL_LAB_PULUMI, or let the toolchain bring one to .lab/bin/pulumi",
    );
  }
  return found;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** What a run of the engine printed. */
export interface EngineOutput {
  readonly stdout: string;
  readonly stderr: string;
}

/** A Pulumi project in a temporary folder, with the offline plugins and a backend of its own. */
export class EngineProject implements AsyncDisposable {
  readonly folder: string;
  readonly #engine = findEngine();

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** Copies the program from `source` (Pulumi.yaml, infra/ and whatever it reads) and readies the engine for it. */
  static async create(source: string): Promise<EngineProject> {
    const project = new EngineProject(await mkdtemp(join(tmpdir(), "conf-")));
    await cp(source, project.#program, { recursive: true });
    await writeFile(join(project.#program, "package.json"), '{ "type": "module" }\n');
    await symlink(join(root, "node_modules"), join(project.#program, "node_modules"));
    for (const [folder, executable] of plugins) {
      const target = join(project.folder, "home/plugins", folder, executable);
      await mkdir(dirname(target), { recursive: true });
      await symlink(join(bin, executable), target);
    }
    await mkdir(join(project.folder, "backend"));
    await project.pulumi(["stack", "init", STACK]);
    return project;
  }

  /** A second project with the same program and state, for a run beside the first one. */
  async copy(): Promise<EngineProject> {
    const other = new EngineProject(await mkdtemp(join(tmpdir(), "conf-")));
    await cp(this.folder, other.folder, { recursive: true, verbatimSymlinks: true });
    return other;
  }

  get #program(): string {
    return join(this.folder, "program");
  }

  /** A path inside the program's folder. */
  path(...names: string[]): string {
    return join(this.#program, ...names);
  }

  /**
   * Runs the engine on the stack.
   * @throws when it fails; the error's message holds what it printed.
   */
  async pulumi(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<EngineOutput> {
    const common = args[0] === "stack" && args[1] === "init" ? [] : ["--stack", STACK];
    try {
      return await run(this.#engine, [...args, ...common, "--non-interactive"], {
        cwd: this.#program,
        env: {
          ...process.env,
          PULUMI_HOME: join(this.folder, "home"),
          PULUMI_BACKEND_URL: `file://${join(this.folder, "backend")}`,
          PULUMI_CONFIG_PASSPHRASE: PASSPHRASE,
          PULUMI_SKIP_UPDATE_CHECK: "true",
          PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
          PULUMI_IGNORE_AMBIENT_PLUGINS: "true",
          PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "false",
          MAIL_LAB_NODE: process.execPath,
          ...environment,
        },
        maxBuffer: MAX_OUTPUT_BYTES,
      });
    } catch (error) {
      const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
      throw new Error(`pulumi ${args.join(" ")} failed:\n${stdout}\n${stderr}`, { cause: error });
    }
  }

  /** Replaces the stack's state by an exported one. */
  async importState(file: string): Promise<void> {
    await this.pulumi(["stack", "import", "--file", file]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}
