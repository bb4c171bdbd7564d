import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { ensureToolchain, type ToolchainNeed } from "../../toolchain/ensure-toolchain.ts";
import type { ProgressReporter } from "../../toolchain/progress.ts";
import type { BuildContext, LabContext } from "../lab/lab-context.ts";
import { labPaths, projectRoot } from "../lab/lab-paths.ts";
import type { Interruption } from "./interrupts.ts";
import type { Speak } from "./language.ts";

/** What a command gets from the command line as a whole. */
export interface Session extends Interruption {
  readonly speak: Speak;
  readonly report: ProgressReporter;
  /** The command's result goes here and nothing else. */
  readonly stdout: NodeJS.WriteStream;
}

/** Brings what a lab needs to be built, and opens the stack's context. */
export async function openBuildContext(session: Session, stack: string): Promise<BuildContext> {
  return openWith(session, stack, ["docker", "pulumi", "base-image"] as const);
}

/** Brings what is needed to look at a lab or to take it down, and opens the stack's context. */
export async function openContext(session: Session, stack: string): Promise<LabContext> {
  return openWith(session, stack, ["docker", "pulumi"] as const);
}

async function openWith<Need extends ToolchainNeed>(session: Session, stack: string, need: readonly Need[]) {
  const paths = labPaths(stack);
  await mkdir(paths.folder, { recursive: true });
  const { report, signal, engineSignal } = session;
  const toolchain = await ensureToolchain({ root: projectRoot, report, signal, need });
  return { stack, paths, toolchain, report, signal, engineSignal };
}

/** Whether this clone knows the stack at all: where it doesn't, nothing has to be brought to say so. */
export function knowsStack(stack: string): boolean {
  return process.env["PULUMI_BACKEND_URL"] !== undefined || existsSync(labPaths(stack).stackConfig);
}
