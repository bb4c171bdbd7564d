import type { Text } from "./text.ts";

/** What a `LabError` carries beside its sentence. */
export interface LabErrorOptions {
  /** The next thing to type or to change, one line. */
  readonly hint?: Text;
  /** What was observed, line by line: log lines, a command's output; or sentences of the lab's own, in both languages. */
  readonly details?: readonly (string | Text)[];
  readonly cause?: unknown;
}

/** Exit codes of `./lab`; docs/commands.md lists them. */
export const exitCode = {
  good: 0,
  checkFailed: 1,
  usage: 2,
  warnings: 3,
  unreachable: 4,
  failed: 5,
  bug: 70,
} as const;

/**
 * A failure that the user can do something about: bad input, a missing part, a fault of the lab. Anything else
 * that is thrown is a bug and is shown with its stack.
 */
export class LabError extends Error {
  override readonly name = "LabError";
  /** Stable identifier, `LAB_` and capitals: `LAB_DNS_NO_ANSWER`. */
  readonly code: string;
  /** The exit code that `./lab` ends with. */
  readonly exit: number;
  readonly hint: Text | undefined;
  /** The sentence in both languages; `message` is the English one. */
  readonly text: Text;
  readonly details: readonly (string | Text)[];

  constructor(code: string, text: Text, options: LabErrorOptions & { readonly exit?: number } = {}) {
    super(text.en, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.text = text;
    this.exit = options.exit ?? exitCode.failed;
    this.hint = options.hint;
    this.details = options.details ?? [];
  }
}
