import { PulumiCommand } from "@pulumi/pulumi/automation/index.js";
import { realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import { parse, type SemVer } from "semver";
import { readFacts, updateFacts } from "../../../toolchain/remembered-facts.ts";

/** The Automation API makes one only after a start of the engine, for its version; the declaration hides how. */
const KnownCommand = PulumiCommand as unknown as new (file: string, version: SemVer) => PulumiCommand;

/** The command of each folder: a class has many stacks, and they come at once. */
const commands = new Map<string, Promise<PulumiCommand>>();

/**
 * The `pulumi` of a checkout. Which version it is, is asked once for as long as it stays the same file: the question is
 * a start of the engine, 0.15 s of each command.
 *
 * @param pulumiRoot - the folder that has it in its `bin`.
 * @param root - the checkout, which remembers the version.
 */
export function pulumiCommandOf(pulumiRoot: string, root: string): Promise<PulumiCommand> {
  const known = commands.get(pulumiRoot) ?? findCommand(pulumiRoot, root);
  commands.set(pulumiRoot, known);
  return known;
}

async function findCommand(pulumiRoot: string, root: string): Promise<PulumiCommand> {
  const file = join(pulumiRoot, "bin", "pulumi");
  const stamp = await stampOf(file);
  const remembered = readFacts(root).engine;
  const version = remembered?.stamp === stamp ? parse(remembered.version) : null;
  if (version !== null) return new KnownCommand(file, version);
  const command = await PulumiCommand.get({ root: pulumiRoot, skipVersionCheck: true });
  const answer = command.version?.toString();
  if (answer !== undefined) updateFacts(root, (facts) => ({ ...facts, engine: { stamp, version: answer } }));
  return command;
}

/** Changes with the program behind the name. */
async function stampOf(file: string): Promise<string> {
  const program = await realpath(file);
  const { mtimeMs, size } = await stat(program);
  return `${program} ${mtimeMs} ${size}`;
}
