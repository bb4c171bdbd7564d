import { Resource } from "@pulumi/pulumi";
import log from "@pulumi/pulumi/log/index.js";
import * as debuggableModule from "@pulumi/pulumi/runtime/debuggable.js";

/** A part of the SDK that its declarations leave out. */
interface Debuggable {
  /** Keeps a promise in mind until it is settled, to name what a program waits for in vain. */
  debuggablePromise: <Value>(promise: Promise<Value>, context: unknown) => Promise<Value>;
}

const { default: debuggable } = debuggableModule as unknown as { readonly default: Debuggable };

const { debuggablePromise } = debuggable;

/** The same without the stack trace of where the promise was made. */
const withoutTrace: Debuggable["debuggablePromise"] = (promise, context) => {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return debuggablePromise(promise, context);
  } finally {
    Error.stackTraceLimit = limit;
  }
};

/**
 * Has the SDK leave out, in this process, what it does to be debugged: a stack trace with each property of each
 * resource, another with each resource, which goes into the state, and three messages a resource, each a question to
 * the engine that drops it. It is a sixth of what a seat of a class costs this process; a plain `pulumi up` has all of it.
 */
export function quietSdk(): void {
  debuggable.debuggablePromise = withoutTrace;
  Object.assign(log, { debug: () => Promise.resolve() });
  Object.assign(Resource, { callsites: () => [] });
}
