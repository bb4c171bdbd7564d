import { sameText, type LocalText } from "./local-text.ts";

/** What a `ToolchainError` carries beside its sentence. */
export interface ToolchainErrorOptions {
  /** The next thing to type or to install, one line. */
  readonly hint?: LocalText;
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
  /** The sentence in both languages; `message` is the English one. */
  readonly text: LocalText;
  readonly hint: LocalText | undefined;
  readonly details: readonly string[];

  constructor(
    code: string,
    text: LocalText,
    options: ToolchainErrorOptions & { readonly exit?: number } = {},
  ) {
    super(text.en, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.text = text;
    this.exit = options.exit ?? 5;
    this.hint = options.hint;
    this.details = options.details ?? [];
  }
}

/** Why something failed, as a part of another sentence: without a full stop. */
export function failureReason(error: unknown): LocalText {
  const text =
    error instanceof ToolchainError
      ? error.text
      : sameText(error instanceof Error ? error.message : String(error));
  return { en: text.en.replace(/\.$/, ""), ja: text.ja.replace(/[。.]$/, "") };
}
