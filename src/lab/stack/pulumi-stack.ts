import {
  LocalWorkspace,
  Stack,
  StackNotFoundError,
  type Deployment,
} from "@pulumi/pulumi/automation/index.js";
import { join } from "node:path";
import { execa } from "execa";
import { setTimeout as pause } from "node:timers/promises";
import { LabError } from "../../model/lab-error.ts";
import { askBackend } from "./ask-backend.ts";
import type { LabContext } from "../lab-context.ts";
import { pulumiCommandOf } from "./pulumi-command.ts";
import { isBeingWritten, isSurelyNew, makeInOwnBackend, ownStateFile } from "./own-backend.ts";
import { pulumiEnvironment } from "./pulumi-environment.ts";
import { removeTraces } from "./remove-traces.ts";
import { takeOverCommittedConfig } from "./stack-config.ts";

async function openWorkspace(context: LabContext): Promise<LocalWorkspace> {
  const pulumiCommand = await pulumiCommandOf(context.toolchain.pulumiRoot, context.paths.root);
  const envVars = await pulumiEnvironment(context);
  return LocalWorkspace.create({ workDir: context.paths.root, pulumiCommand, envVars: { ...envVars } });
}

/**
 * The state of the stack as the backend has it, or `undefined` where there is none. One start of the engine: for
 * whoever only reads, where `findStack` takes another one to select the stack.
 */
export async function exportState(context: LabContext): Promise<Deployment | undefined> {
  if (await isSurelyNew(context)) return undefined;
  return (await exportAtOnce(context, ["--show-secrets"])) ?? (await exportPatiently(context));
}

async function exportAtOnce(context: LabContext, flags: readonly string[]): Promise<Deployment | undefined> {
  const exported = await askAtOnce(context, ["stack", "export", ...flags, "--stack", context.stack]);
  return exported === undefined ? undefined : (JSON.parse(exported) as Deployment);
}

/**
 * What the engine's command prints, by itself: the Automation API starts the engine once more before, for its version.
 *
 * @returns `undefined` where it fails, for whatever reason: the Automation API says which.
 */
async function askAtOnce(context: LabContext, words: readonly string[]): Promise<string | undefined> {
  const { toolchain, paths, signal } = context;
  const { failed, stdout } = await execa(
    join(toolchain.pulumiRoot, "bin", "pulumi"),
    [...words, "--non-interactive"],
    {
      cwd: paths.root,
      env: await pulumiEnvironment(context),
      cancelSignal: signal,
      stdin: "ignore",
      reject: false,
    },
  );
  return failed ? undefined : stdout;
}

/** The same where that has failed: waits for whoever is writing the state, and says what else is wrong. */
async function exportPatiently(context: LabContext): Promise<Deployment | undefined> {
  const workspace = await openWorkspace(context);
  for (;;) {
    try {
      return await askBackend(context.stack, () => workspace.exportStack(context.stack));
    } catch (error) {
      if (error instanceof StackNotFoundError) return undefined;
      if (!(isHalfState(error) && (await isBeingWritten(context)))) throw error;
      await pause(writingPauseMs, undefined, { signal: context.signal });
    }
  }
}

/**
 * The same with its secrets left as they are, in half the time: to show them the engine works out the passphrase's
 * key.
 */
export async function exportStateWithoutSecrets(context: LabContext): Promise<Deployment | undefined> {
  if (await isSurelyNew(context)) return undefined;
  return (await exportAtOnce(context, [])) ?? (await exportPatiently(context));
}

/** Between two tries to read a state that is being written. */
const writingPauseMs = 200;

function isHalfState(error: unknown): boolean {
  return error instanceof LabError && error.code === "LAB_STATE_BROKEN";
}

/**
 * Takes a stack out of the backend, with what Pulumi keeps of it beside its state; one that isn't there is no error.
 *
 * @param force - also where the state still speaks of resources, of which the caller knows that none is left.
 */
export async function removeStack(
  context: LabContext,
  { force }: { readonly force: boolean },
): Promise<void> {
  if (!(await isSurelyNew(context))) {
    const workspace = await openWorkspace(context);
    try {
      await askBackend(context.stack, () =>
        workspace.removeStack(context.stack, { preserveConfig: true, force }),
      );
    } catch (error) {
      if (!(error instanceof StackNotFoundError)) throw error;
    }
  }
  await removeTraces(context);
}

/** The stack as the backend has it, or `undefined` where there is none. */
export async function findStack(context: LabContext): Promise<Stack | undefined> {
  const workspace = await openWorkspace(context);
  try {
    return await askBackend(context.stack, () => selectStack(context, workspace));
  } catch (error) {
    if (error instanceof StackNotFoundError) return undefined;
    throw error;
  }
}

/**
 * The stack of that name. Every command names the one that it is for, so selecting it says only whether there is one,
 * and is a start of the engine: this checkout's own backend is a folder, where a look is enough.
 *
 * @throws StackNotFoundError
 */
async function selectStack(context: LabContext, workspace: LocalWorkspace): Promise<Stack> {
  if ((await ownStateFile(context)) !== undefined) workspace.selectStack = () => Promise.resolve();
  return withoutReports(await Stack.select(context.stack, workspace));
}

/** A stack, and whether it was made just now, so that there is nothing in it. */
export interface OpenedStack {
  readonly stack: Stack;
  readonly isNew: boolean;
}

/** The stack, made where there is none. */
export async function findOrCreateStack(context: LabContext): Promise<OpenedStack> {
  await takeOverCommittedConfig(context.paths, context.stack);
  const [isMade, workspace] = await Promise.all([makeAtOnce(context), openWorkspace(context)]);
  if (isMade) return { stack: await selectStack(context, workspace), isNew: true };
  return await askBackend(context.stack, async () => {
    // Each question is a start of the engine. This checkout's own backend is a folder, where a look is enough.
    if (!(await isSurelyNew(context))) {
      try {
        return { stack: await selectStack(context, workspace), isNew: false };
      } catch (error) {
        if (!(error instanceof StackNotFoundError)) throw error;
      }
    }
    return { stack: withoutReports(await Stack.create(context.stack, workspace)), isNew: true };
  });
}

/**
 * After each operation the Automation API asks for the outputs, twice, and for the stack's history: three more starts
 * of the engine, a second together. Nobody here reads them: what happened is told by the events, and the state is
 * read as a whole.
 */
function withoutReports(stack: Stack): Stack {
  stack.outputs = () => Promise.resolve({});
  stack.info = () => Promise.resolve(undefined);
  return stack;
}

/** Makes the stack where there surely is none; whether it did. */
async function makeAtOnce(context: LabContext): Promise<boolean> {
  if (!(await isSurelyNew(context))) return false;
  if (await makeInOwnBackend(context)) return true;
  return (await askAtOnce(context, ["stack", "init", context.stack])) !== undefined;
}
