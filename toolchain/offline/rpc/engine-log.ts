import { credentials } from "@grpc/grpc-js";
import engineServices, { type EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import engineMessages from "@pulumi/pulumi/proto/engine_pb.js";

/** How grave a line is; `debug` lines show with `--debug` only. */
export type Severity = "debug" | "info" | "warning" | "error";

/** Sends lines to the engine that this plugin serves. A line that can't be delivered is dropped: the engine is gone then. */
export class EngineLog {
  #address: string | undefined;
  #client: EngineClient | undefined;
  readonly #unsent = new Map<string, string>();
  readonly #inFlight = new Set<Promise<void>>();
  readonly #statusBusy = new Set<string>();

  /** @param address the engine's `host:port`; absent where the engine is still to say it. */
  constructor(address?: string) {
    this.#address = address;
  }

  /** Sends to the engine at `host:port` from now on. */
  connect(address: string): void {
    this.close();
    this.#address = address;
  }

  /** Ends the connection to the engine; what is sent later is dropped. */
  close(): void {
    this.#client?.close();
    this.#client = undefined;
    this.#address = undefined;
  }

  /** Adds a line to the diagnostics of the resource `urn`, or of the stack when it is empty. */
  log(severity: Severity, message: string, urn = ""): void {
    void this.#send(severity, message, urn, false);
  }

  /** Shows a line in the status column of `urn`. When lines come faster than the engine takes them, only the newest is kept. */
  status(message: string, urn: string): void {
    this.#unsent.set(urn, message);
    if (!this.#statusBusy.has(urn)) {
      void this.#drainStatus(urn);
    }
  }

  /** Waits until what was sent so far has arrived. */
  async flush(): Promise<void> {
    while (this.#inFlight.size > 0) {
      await Promise.all(this.#inFlight);
    }
  }

  async #drainStatus(urn: string): Promise<void> {
    this.#statusBusy.add(urn);
    for (let line = this.#unsent.get(urn); line !== undefined; line = this.#unsent.get(urn)) {
      this.#unsent.delete(urn);
      await this.#send("info", line, urn, true);
    }
    this.#statusBusy.delete(urn);
  }

  #send(severity: Severity, message: string, urn: string, ephemeral: boolean): Promise<void> {
    if (this.#address === undefined) return Promise.resolve();
    this.#client ??= new engineServices.EngineClient(this.#address, credentials.createInsecure());
    const client = this.#client;
    const request = new engineMessages.LogRequest()
      .setSeverity(severities[severity])
      .setMessage(message)
      .setUrn(urn)
      .setEphemeral(ephemeral);
    const sent = new Promise<void>((resolve) => {
      client.log(request, () => {
        resolve();
      });
    }).finally(() => this.#inFlight.delete(sent));
    this.#inFlight.add(sent);
    return sent;
  }
}

const severities = {
  debug: engineMessages.LogSeverity.DEBUG,
  info: engineMessages.LogSeverity.INFO,
  warning: engineMessages.LogSeverity.WARNING,
  error: engineMessages.LogSeverity.ERROR,
} as const;
