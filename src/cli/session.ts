import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { ensureToolchain, type ToolchainNeed } from "../../toolchain/ensure-toolchain.ts";
import type { ProgressReporter } from "../../toolchain/progress.ts";
import type { BuildContext, LabContext } from "../lab/lab-context.ts";
import { engineElsewhere } from "../lab/reach/engine-elsewhere.ts";
import { labPaths, projectRoot } from "../lab/lab-paths.ts";
import { withReach } from "../lab/reach/on-engine.ts";
import { loadProgram } from "../lab/stack/run-program.ts";
import { loadProviders } from "../lab/stack/with-providers.ts";
import type { Interruption } from "./interrupts.ts";
import type { Speak } from "./language.ts";

/** What a command gets from the command line as a whole. */
export interface Session extends Interruption {
  readonly speak: Speak;
  readonly report: ProgressReporter;
  /** The command's result goes here and nothing else. */
  readonly stdout: NodeJS.WriteStream;
}

/**
 * Brings what a lab needs to be built, and opens the stack's context.
 *
 * @param engine - the engine that was asked for, as `DOCKER_HOST` has it or a Docker context's name.
 */
export async function openBuildContext(
  session: Session,
  stack: string,
  engine?: string,
): Promise<BuildContext> {
  loadAhead();
  return withReach(await openWith(session, stack, ["docker", "pulumi", "base-image"] as const, engine));
}

/** Brings what is needed to look at a lab or to take it down, and opens the stack's context. */
export async function openContext(session: Session, stack: string): Promise<LabContext> {
  return withReach(await openWith(session, stack, ["docker", "pulumi"] as const));
}

/** The same for the labs of a class, which may be on several engines: each seat's is gone to from this shell's own. */
export async function openClassBuildContext(session: Session, stack: string): Promise<BuildContext> {
  return withReach(await openWith(session, stack, ["docker", "pulumi", "base-image"] as const, "shell"));
}

/** The same to look at the labs of a class or to take them down. */
export async function openClassContext(session: Session, stack: string): Promise<LabContext> {
  return withReach(await openWith(session, stack, ["docker", "pulumi"] as const, "shell"));
}

/** Loads what an update runs in this process, beside the work of others; whatever is wrong there, the update says. */
function loadAhead(): void {
  void Promise.allSettled([loadProgram(), loadProviders()]);
}

/** @param wanted - the engine that was asked for, or `shell` for the one that this shell's Docker has. */
async function openWith<Need extends ToolchainNeed>(
  session: Session,
  stack: string,
  need: readonly Need[],
  wanted?: string,
) {
  const paths = labPaths(stack);
  await mkdir(paths.folder, { recursive: true });
  const { report, signal, engineSignal } = session;
  const engine = wanted === "shell" ? undefined : (wanted ?? (await engineElsewhere(paths, stack)));
  const toolchain = await ensureToolchain({ root: projectRoot, report, signal, need, engine });
  return { stack, paths, toolchain, report, signal, engineSignal };
}

/** Whether this clone knows the stack at all: where it doesn't, nothing has to be brought to say so. */
export function knowsStack(stack: string): boolean {
  return process.env["PULUMI_BACKEND_URL"] !== undefined || existsSync(labPaths(stack).stackConfig);
}
