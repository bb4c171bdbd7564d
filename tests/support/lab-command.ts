import { join } from "node:path";
import { execa, type Options } from "execa";

/** The top of the checkout. */
export const projectRoot = join(import.meta.dirname, "..", "..");

/** How one run of `./lab` ended. */
export interface LabRun {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  readonly durationMs: number;
}

/** How a command is run. */
type RunOptions = Pick<Options, "env" | "input"> & {
  /** The words before the command, where it has to run in another network. */
  readonly enter?: readonly string[];
};

/** Runs the product's command as a person does, in English unless told otherwise; a failure is a result. */
export async function runLab(words: readonly string[], options: RunOptions = {}): Promise<LabRun> {
  return runLabOf(projectRoot, words, options);
}

/** The same for the checkout at `root`. */
export async function runLabOf(
  root: string,
  words: readonly string[],
  { enter = [], ...options }: RunOptions = {},
): Promise<LabRun> {
  const command = [...enter, join(root, "lab"), ...words];
  const { exitCode, stdout, stderr, durationMs } = await execa("env", command, {
    cwd: root,
    reject: false,
    ...options,
    env: { LANG: "C.UTF-8", LC_ALL: "", ...options.env },
  });
  return { exitCode, stdout, stderr, durationMs };
}

/** The words of Docker's command line that list what carries a label, one a line. */
export async function listByLabel(
  kind: "container" | "network" | "volume",
  label: string,
): Promise<readonly string[]> {
  const all = kind === "container" ? ["--all"] : [];
  const format = kind === "volume" ? "{{.Name}}" : "{{.ID}}";
  const { stdout } = await execa("docker", [
    kind,
    "ls",
    ...all,
    "--filter",
    `label=${label}`,
    "--format",
    format,
    ...(kind === "volume" ? [] : ["--no-trunc"]),
  ]);
  return stdout === "" ? [] : stdout.split("\n").sort();
}
