import { cp, mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa, type Options } from "execa";
import { projectRoot, runLab, runLabOf, type LabRun } from "./lab-command.ts";

/** Another clone of the product on this machine, with labs of its own. */
export interface SecondCheckout extends AsyncDisposable {
  readonly root: string;
  /** Its `./lab`. */
  run(words: readonly string[], options?: Pick<Options, "env" | "input">): Promise<LabRun>;
}

/** Clones this checkout as it stands, with what is not committed yet. It has its own `.lab`, and the same packages. */
export async function cloneCheckout(): Promise<SecondCheckout> {
  const root = await mkdtemp(join(tmpdir(), "mail-lab-clone-"));
  await execa("git", ["clone", "--quiet", "--local", projectRoot, root]);
  for (const file of await listFiles("--deleted")) await rm(join(root, file), { force: true });
  for (const file of await listFiles("--modified", "--others")) {
    await mkdir(dirname(join(root, file)), { recursive: true });
    // One that was deleted counts as modified.
    await cp(join(projectRoot, file), join(root, file)).catch(ignoreMissing);
  }
  // The first run brings what is missing here, so that nothing is installed through the link.
  await runLab(["status", "--stack", "packages"]);
  await symlink(join(projectRoot, "node_modules"), join(root, "node_modules"));
  return {
    root,
    run: (words, options) => runLabOf(root, words, options),
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  };
}

async function listFiles(...which: readonly string[]): Promise<readonly string[]> {
  const words = ["ls-files", "-z", "--exclude-standard", ...which];
  const { stdout } = await execa("git", words, { cwd: projectRoot });
  return stdout.split("\0").filter((name) => name !== "");
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
}
