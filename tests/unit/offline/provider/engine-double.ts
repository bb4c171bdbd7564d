import { promisify } from "node:util";
import {
  credentials,
  Server,
  ServerCredentials,
  type ServiceError,
  type ServiceDefinition,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import emptyMessages from "google-protobuf/google/protobuf/empty_pb.js";
import engineServices from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import type { LogRequest } from "@pulumi/pulumi/proto/engine_pb.js";
import providerServices, { type ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { createHandlers } from "../../../../toolchain/offline/provider/handlers.ts";
import { Operations } from "../../../../toolchain/offline/provider/operations.ts";
import type { ProviderDefinition } from "../../../../toolchain/offline/provider/serve.ts";
import { EngineLog } from "../../../../toolchain/offline/rpc/engine-log.ts";
import { unary } from "../../../../toolchain/offline/rpc/serve-plugin.ts";

/** A line as the engine got it. */
export interface ReceivedLine {
  readonly message: string;
  readonly urn: string;
  readonly isStatus: boolean;
}

type Callback<Response> = (error: ServiceError | null, response: Response) => void;

/** Both ends of the wire in this process: a provider served for real, and an engine's log that keeps what it gets. */
export class EngineDouble implements AsyncDisposable {
  readonly client: ResourceProviderClient;
  readonly lines: readonly ReceivedLine[];
  readonly #servers: readonly Server[];

  private constructor(
    client: ResourceProviderClient,
    lines: readonly ReceivedLine[],
    servers: readonly Server[],
  ) {
    this.client = client;
    this.lines = lines;
    this.#servers = servers;
  }

  /** Starts an engine's log and a provider that speaks to it. */
  static async start(definition: ProviderDefinition): Promise<EngineDouble> {
    const lines: ReceivedLine[] = [];
    const engine = await listen(engineServices.EngineService, {
      log: unary((request: LogRequest) => {
        lines.push({
          message: request.getMessage(),
          urn: request.getUrn(),
          isStatus: request.getEphemeral(),
        });
        return new emptyMessages.Empty();
      }),
    });
    const operations = new Operations(new EngineLog(`127.0.0.1:${String(engine.port)}`));
    const provider = await listen(
      providerServices.ResourceProviderService,
      createHandlers(definition, operations),
    );
    const client = new providerServices.ResourceProviderClient(
      `127.0.0.1:${String(provider.port)}`,
      credentials.createInsecure(),
    );
    return new EngineDouble(client, lines, [engine.server, provider.server]);
  }

  /** Makes one call of the provider's service and waits for the answer. */
  ask<Response>(
    send: (client: ResourceProviderClient, callback: Callback<Response>) => unknown,
  ): Promise<Response> {
    return new Promise((resolve, reject) => {
      send(this.client, (error, response) => {
        if (error === null) {
          resolve(response);
        } else {
          reject(error);
        }
      });
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.client.close();
    for (const server of this.#servers) {
      server.forceShutdown();
    }
    return Promise.resolve();
  }
}

async function listen(
  definition: ServiceDefinition,
  implementation: UntypedServiceImplementation,
): Promise<{ readonly server: Server; readonly port: number }> {
  const server = new Server();
  server.addService(definition, implementation);
  const bind = promisify(server.bindAsync.bind(server));
  return { server, port: await bind("127.0.0.1:0", ServerCredentials.createInsecure()) };
}
