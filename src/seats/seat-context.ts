import type { ProgressReporter } from "../../toolchain/progress.ts";
import type { LabContext } from "../lab/lab-context.ts";
import { labPaths } from "../lab/lab-paths.ts";

/** Which lab a seat has. */
export interface SeatPlace {
  readonly stack: string;
}

/** Takes the newest line of what goes on at a seat, in the engine's words. */
export type SeatVoice = (line: string) => void;

/**
 * The context of one seat's lab, made from the class's: its own stack and paths, and a reporter that hands each line
 * on instead of showing it, since many seats work at once.
 */
export function seatContext<Context extends LabContext>(
  base: Context,
  { stack }: SeatPlace,
  voice: SeatVoice = () => undefined,
): Context {
  return { ...base, stack, paths: labPaths(stack, base.paths.root), report: quietReporter(voice) };
}

function quietReporter(voice: SeatVoice): ProgressReporter {
  return {
    begin: () => ({ line: voice, end: () => undefined }),
    say: () => undefined,
  };
}
