import { setMaxListeners } from "node:events";
import type { EngineLog } from "../rpc/engine-log.ts";
import type { SecretMask } from "../rpc/secret-mask.ts";
import type { PropertyMap, ResourceContext } from "./resource.ts";

/** An operation on one resource, as the engine asks for it. */
export interface OperationRequest {
  readonly urn: string;
  /** 0 is no limit. */
  readonly timeoutSeconds: number;
  /** Keeps secrets out of what is shown. */
  readonly mask: SecretMask;
}

/** The operations that run in this process: gives each its context, and ends them all together. */
export class Operations {
  readonly #log: EngineLog;
  readonly #cancelled = new AbortController();
  readonly #running = new Set<Promise<unknown>>();

  constructor(log: EngineLog) {
    this.#log = log;
    // Every running operation listens, and their number has no limit that matters.
    setMaxListeners(0, this.#cancelled.signal);
  }

  /** Runs one operation to its end; its last lines have arrived at the engine before its result does. */
  async run<T>(
    request: OperationRequest,
    config: PropertyMap,
    operation: (context: ResourceContext) => Promise<T>,
  ): Promise<T> {
    this.#cancelled.signal.throwIfAborted();
    const { urn, timeoutSeconds, mask } = request;
    const signal =
      timeoutSeconds > 0
        ? AbortSignal.any([this.#cancelled.signal, deadline(timeoutSeconds)])
        : this.#cancelled.signal;
    const context: ResourceContext = {
      config,
      signal,
      status: (message) => {
        this.#log.status(mask.apply(message), urn);
      },
      log: (severity, message) => {
        this.#log.log(severity, mask.apply(message), urn);
      },
    };
    const running = operation(context).finally(() => this.#log.flush());
    this.#running.add(running);
    try {
      return await running;
    } catch (error) {
      if (error instanceof Error) {
        error.message = mask.apply(error.message);
        error.stack = mask.apply(error.stack ?? "");
      }
      throw error;
    } finally {
      this.#running.delete(running);
    }
  }

  /** Shows what the operations say to the engine at `host:port` from now on. */
  attach(engine: string): void {
    this.#log.connect(engine);
  }

  /** Aborts everything that runs, and whatever is asked for later. */
  cancel(): void {
    this.#cancelled.abort(new Error("cancelled"));
  }

  /** Aborts everything and waits for the end of it. */
  async stop(): Promise<void> {
    this.cancel();
    await Promise.allSettled(this.#running);
    this.#log.close();
  }
}

function deadline(timeoutSeconds: number): AbortSignal {
  const controller = new AbortController();
  setTimeout(() => {
    controller.abort(new Error(`not done within its time limit of ${String(timeoutSeconds)} s`));
  }, timeoutSeconds * 1000).unref();
  return controller.signal;
}
