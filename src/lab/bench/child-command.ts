import { execa } from "execa";
import { LabError } from "../../model/lab-error.ts";
import { interrupted } from "../stack/run-engine.ts";
import type { LabContext } from "../lab-context.ts";

/** What a step of the measurement may take on a busy machine, unless it is told otherwise. */
const childDeadlineMs = 600_000;
const shownLines = 20;

/** How a command of the measurement is run. */
export interface ChildOptions {
  readonly deadlineMs?: number;
  /** Gets the process's id as soon as there is one. */
  readonly onStart?: (pid: number) => void;
}

/** Runs a command of the measurement and ends with it. */
export type RunChild = (command: readonly string[]) => Promise<readonly string[]>;

/**
 * What runs the commands of a measurement. They are in a session of their own, so that Ctrl-C on a terminal reaches
 * them once, by way of this process.
 *
 * @param signal - ends them in order; `undefined` for the removal at the end, which has to run to its end.
 * @returns a function that gives the lines of the command's standard output.
 */
export function childRunner(
  context: LabContext,
  signal: AbortSignal | undefined,
  { deadlineMs = childDeadlineMs, onStart }: ChildOptions = {},
): RunChild {
  return async ([file = "", ...words]) => {
    const child = execa(file, words, {
      cwd: context.paths.root,
      env: { ...context.toolchain.environment },
      stdin: "ignore",
      detached: true,
      timeout: deadlineMs,
      ...(signal === undefined ? {} : { cancelSignal: signal }),
      // A lab that is being built, and the baseline, remove or finish what they are at, however long that takes.
      forceKillAfterDelay: false,
      reject: false,
    });
    if (child.pid !== undefined) onStart?.(child.pid);
    const result = await child;
    if (signal?.aborted === true) throw interrupted(context, result);
    if (!result.failed) return result.stdout.split("\n");
    const command = [file, ...words].join(" ");
    throw new LabError(
      "LAB_BENCH_STEP",
      {
        en: `A step of the measurement failed: ${command}`,
        ja: `計測の途中で失敗しました: ${command}`,
      },
      {
        details: result.stderr.split("\n").slice(-shownLines),
        hint: {
          en: "what was built for the measurement is removed; ./lab doctor looks at the machine",
          ja: "計測のために作ったものは削除されます。./lab doctor でマシンを調べられます",
        },
        cause: result,
      },
    );
  };
}
