/** A failure that a person can act on: what happened in a sentence, and the next step. */
export class PluginError extends Error {
  /** Stable name of the failure, `PLUGIN_TYPE_UNKNOWN`. */
  readonly code: string;
  /** What to do about it. */
  readonly hint: string | undefined;

  constructor(code: string, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "PluginError";
    this.code = code;
    this.hint = options.hint;
  }
}

/** True for errors that only a mistake in our own code brings about. */
function isDefect(error: Error): boolean {
  return (
    error instanceof TypeError ||
    error instanceof ReferenceError ||
    error instanceof RangeError ||
    error instanceof SyntaxError
  );
}

/** What the engine shows for a failed call: a sentence and a hint; a defect of ours brings its stack. */
export function describeError(error: unknown): string {
  if (error instanceof PluginError) {
    return error.hint === undefined ? error.message : `${error.message}\n${error.hint}`;
  }
  if (!(error instanceof Error)) {
    return String(error);
  }
  // Node's own system errors (ERR_…, ENOENT) can be TypeErrors too, but they speak for themselves.
  return isDefect(error) && !("code" in error)
    ? `this is a defect of the offline plugin: ${error.stack ?? error.message}`
    : error.message;
}
