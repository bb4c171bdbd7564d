import type { ResourceContext } from "../../../../toolchain/offline/provider/resource.ts";

/** A context for an operation under test, with what the operation shows. */
export interface RecordedContext extends ResourceContext {
  readonly urn: string;
  readonly name: string;
  readonly lines: string[];
  readonly warnings: string[];
}

/** Makes a context that keeps what is shown. */
export function recordedContext(signal: AbortSignal = new AbortController().signal): RecordedContext {
  const lines: string[] = [];
  const warnings: string[] = [];
  return {
    urn: "urn:pulumi:dev::lab::command:local:Command::step",
    name: "step",
    config: {},
    signal,
    status: (message) => lines.push(message),
    log: (severity, message) => warnings.push(`${severity}: ${message}`),
    lines,
    warnings,
  };
}
