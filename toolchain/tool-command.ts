import type { LocalText } from "./local-text.ts";
import { ToolchainError } from "./toolchain-error.ts";

const tailLines = 20;

/** How a program is run. */
export interface ToolCommandOptions {
  readonly signal: AbortSignal;
  /** Time after which the program is ended. */
  readonly timeoutMs: number;
  /** Told each line of output, both streams. */
  readonly onLine?: (line: string) => void;
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** The environment is `env` alone, and not this process's with `env` on top. */
  readonly isEnvComplete?: boolean;
  /** What a failure is called, `LAB_TOOL_FAILED` by default. */
  readonly code?: string;
  readonly hint?: LocalText;
}

/**
 * Runs a program to its end and returns its standard output.
 * @throws ToolchainError with `code`, and the last lines of its output as details, when it fails or is not there.
 */
export async function runTool(
  file: string,
  args: readonly string[],
  options: ToolCommandOptions,
): Promise<string> {
  // Loaded here, since a run that finds everything in its place starts no program.
  const { execa, ExecaError } = await import("execa");
  const lines: string[] = [];
  const subprocess = execa(file, args, {
    stdin: "ignore",
    cancelSignal: options.signal,
    timeout: options.timeoutMs,
    forceKillAfterDelay: 5000,
    extendEnv: options.isEnvComplete !== true,
    ...(options.env && { env: options.env }),
    ...(options.cwd !== undefined && { cwd: options.cwd }),
  });
  const follow = async (from: "stdout" | "stderr"): Promise<void> => {
    for await (const line of subprocess.iterable({ from })) {
      lines.push(line);
      if (lines.length > 10 * tailLines) lines.splice(0, lines.length - tailLines);
      options.onLine?.(line);
    }
  };
  try {
    const [result] = await Promise.all([subprocess, follow("stdout"), follow("stderr")]);
    return result.stdout;
  } catch (error) {
    options.signal.throwIfAborted();
    const failure = error instanceof ExecaError ? error : undefined;
    const command = [file, ...args.slice(0, 3)].join(" ");
    const why = failure?.timedOut
      ? { en: "took too long", ja: "時間内に終わりませんでした" }
      : { en: "failed", ja: "失敗しました" };
    const exit = failure?.exitCode;
    const exitText =
      exit === undefined ? { en: "", ja: "" } : { en: ` (exit code ${exit})`, ja: `（終了コード${exit}）` };
    const said = failure?.originalMessage;
    const details = lines.length > 0 ? lines.slice(-tailLines) : said ? [said] : [];
    throw new ToolchainError(
      options.code ?? "LAB_TOOL_FAILED",
      { en: `${command} ${why.en}${exitText.en}.`, ja: `${command} が${why.ja}${exitText.ja}。` },
      { details, cause: error, ...(options.hint !== undefined && { hint: options.hint }) },
    );
  }
}
