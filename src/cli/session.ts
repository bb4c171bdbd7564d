import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import type { ProgressReporter } from "../../toolchain/progress.ts";
import { ensureToolchain, type ToolchainNeed } from "../../toolchain/toolchain.ts";
import type { LabContext } from "../lab/lab-context.ts";
import { labPaths, projectRoot } from "../lab/lab-paths.ts";
import type { Speak } from "./language.ts";

/** What a command gets from the command line as a whole. */
export interface Session {
  readonly speak: Speak;
  readonly report: ProgressReporter;
  /** Aborted at Ctrl-C and at SIGTERM. */
  readonly signal: AbortSignal;
  /** The command's result goes here and nothing else. */
  readonly stdout: NodeJS.WriteStream;
}

/** Everything that a lab needs to be built or run. */
export const wholeToolchain: readonly ToolchainNeed[] = ["docker", "pulumi", "base-image"];
/** What is needed to look at a lab or to take it down. */
export const runningToolchain: readonly ToolchainNeed[] = ["docker", "pulumi"];

/** Brings what is missing on the machine and opens the stack's context. */
export async function openContext(
  session: Session,
  stack: string,
  need: readonly ToolchainNeed[],
): Promise<LabContext> {
  const paths = labPaths(stack);
  await mkdir(paths.folder, { recursive: true });
  const { report, signal } = session;
  const toolchain = await ensureToolchain({ root: projectRoot, report, signal, need });
  return { stack, paths, toolchain, report, signal };
}

/** Whether this clone knows the stack at all: where it doesn't, nothing has to be brought to say so. */
export function knowsStack(stack: string): boolean {
  return process.env["PULUMI_BACKEND_URL"] !== undefined || existsSync(labPaths(stack).stackConfig);
}
