/** What a `ToolchainError` carries beside its sentence. */
export interface ToolchainErrorOptions {
  /** The next thing to type or to install, one line. */
  readonly hint?: string;
  /** What was observed, line by line: the last lines of a log or of a command's output. */
  readonly details?: readonly string[];
  readonly cause?: unknown;
}

/**
 * A part of the machine is missing and could not be brought. It has the shape of the lab's own errors, so the
 * command line shows both alike; this folder does not know the lab.
 */
export class ToolchainError extends Error {
  override readonly name = "ToolchainError";
  /** Stable identifier: `LAB_NO_DOCKER`. */
  readonly code: string;
  /** The exit code that `./lab` ends with: 4 where no engine answers, else 5. */
  readonly exit: number;
  readonly hint: string | undefined;
  readonly details: readonly string[];

  constructor(
    code: string,
    message: string,
    options: ToolchainErrorOptions & { readonly exit?: number } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.exit = options.exit ?? 5;
    this.hint = options.hint;
    this.details = options.details ?? [];
  }
}
