import { mkdir, readdir, readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { placeOnce } from "../../../toolchain/placed-atomically.ts";
import type { LabContext } from "../lab-context.ts";
import { projectName } from "./stack-config.ts";

/** The name that a file backend has for whoever its stacks belong to. */
export const organization = "organization";

/** A folder that Pulumi has made its own says in which layout, with a folder a project since the first. */
const knownLayout = /^version: 1$/m;

/** The stack's file in this checkout's own backend, or `undefined` where it has none. */
export async function ownStateFile({ paths, stack }: LabContext): Promise<string | undefined> {
  if (process.env["PULUMI_BACKEND_URL"] !== undefined) return undefined;
  const projects = join(paths.state, ".pulumi", "stacks");
  const names = await readdir(projects, { recursive: true }).catch((): string[] => []);
  const own = [`${stack}.json`, `${stack}.json.gz`];
  const name = names.find((candidate) => own.includes(basename(candidate)));
  return name === undefined ? undefined : join(projects, name);
}

/** Whether this checkout's own backend has nothing of the stack. */
export async function isSurelyNew(context: LabContext): Promise<boolean> {
  return process.env["PULUMI_BACKEND_URL"] === undefined && (await ownStateFile(context)) === undefined;
}

/**
 * Makes a stack without resources, as `pulumi stack init` does, which takes a third of a second of the processor: most of
 * it for the key of a passphrase, which the first update works out in any case, and then writes down.
 *
 * @returns whether it did: Pulumi itself has to make a backend first, and one that is there already stays as it is.
 */
export async function makeInOwnBackend(context: LabContext): Promise<boolean> {
  const { paths, stack } = context;
  const backend = join(paths.state, ".pulumi");
  const layout = await readFile(join(backend, "meta.yaml"), "utf8").catch(() => "");
  if (!knownLayout.test(layout)) return false;
  const project = await projectName(paths);
  const folder = join(backend, "stacks", project);
  await mkdir(folder, { recursive: true });
  const checkpoint = { version: 3, checkpoint: { stack: `${organization}/${project}/${stack}` } };
  return placeOnce(join(folder, `${stack}.json`), JSON.stringify(checkpoint));
}

/**
 * What changes whenever the stack's state does, without a start of the engine; `undefined` where only the engine can
 * tell, as with a backend that the user has set.
 */
export async function stateStamp(context: LabContext): Promise<string | undefined> {
  const file = await ownStateFile(context);
  const made = file === undefined ? undefined : await stat(file).catch(() => undefined);
  return made === undefined ? undefined : `${made.ino} ${made.mtimeMs} ${made.size}`;
}

/** After so long nobody is writing a state any more: it is broken. */
const writingMs = 5000;

/**
 * Whether another command is just now writing the stack's state in this checkout's own backend: the state is replaced
 * as a whole, but what Pulumi writes beside it is not, and whoever reads in between finds half of it.
 */
export async function isBeingWritten(context: LabContext): Promise<boolean> {
  const file = await ownStateFile(context);
  if (file === undefined) return false;
  const times = await Promise.all(
    [file, `${file}.attrs`].map(async (name) => (await stat(name).catch(() => undefined))?.mtimeMs ?? 0),
  );
  return Math.abs(Date.now() - Math.max(...times)) < writingMs;
}
