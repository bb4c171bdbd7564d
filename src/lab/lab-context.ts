import type { ProgressReporter } from "../../toolchain/progress.ts";
import type { Toolchain } from "../../toolchain/toolchain.ts";
import type { LabPaths } from "./lab-paths.ts";

/** What every use case works with. */
export interface LabContext {
  /** The stack's name: one lab is one stack. */
  readonly stack: string;
  readonly paths: LabPaths;
  readonly toolchain: Toolchain;
  /** Where a use case says what it is doing. */
  readonly report: ProgressReporter;
  /** Aborted at Ctrl-C: running work ends in order and says so. */
  readonly signal: AbortSignal;
}

/** The engine's address as the stack's configuration and `DOCKER_HOST` have it; empty for the default socket. */
export function engineOf(context: LabContext): string {
  return context.toolchain.dockerHost ?? "";
}
