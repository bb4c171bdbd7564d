import { credentials, type Server, type ServiceError } from "@grpc/grpc-js";
import emptyMessages from "google-protobuf/google/protobuf/empty_pb.js";
import engineServices from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import type { LogRequest } from "@pulumi/pulumi/proto/engine_pb.js";
import pluginMessages from "@pulumi/pulumi/proto/plugin_pb.js";
import providerServices, { type ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { createHandlers } from "../../../../toolchain/offline/provider/handlers.ts";
import { Operations } from "../../../../toolchain/offline/provider/operations.ts";
import type { ProviderDefinition } from "../../../../toolchain/offline/provider/serve.ts";
import { EngineLog } from "../../../../toolchain/offline/rpc/engine-log.ts";
import { listen, unary } from "../../../../toolchain/offline/rpc/serve-plugin.ts";

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
    const engine = await listenForLines();
    const operations = new Operations(new EngineLog(engine.address));
    const provider = await listen({
      definition: providerServices.ResourceProviderService,
      implementation: createHandlers(definition, operations),
    });
    const client = connect(`127.0.0.1:${String(provider.port)}`);
    return new EngineDouble(client, engine.lines, [engine.server, provider.server]);
  }

  /** Starts an engine's log and attaches it to a provider that is served at `host:port` already. */
  static async attach(provider: string): Promise<EngineDouble> {
    const engine = await listenForLines();
    const double = new EngineDouble(connect(provider), engine.lines, [engine.server]);
    const request = new pluginMessages.PluginAttach().setAddress(engine.address);
    await double.ask((client, callback) => client.attach(request, callback));
    return double;
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

/** An engine's log. */
async function listenForLines() {
  const lines: ReceivedLine[] = [];
  const { server, port } = await listen({
    definition: engineServices.EngineService,
    implementation: {
      log: unary((request: LogRequest) => {
        lines.push({
          message: request.getMessage(),
          urn: request.getUrn(),
          isStatus: request.getEphemeral(),
        });
        return new emptyMessages.Empty();
      }),
    },
  });
  return { server, lines, address: `127.0.0.1:${String(port)}` };
}

function connect(provider: string): ResourceProviderClient {
  return new providerServices.ResourceProviderClient(provider, credentials.createInsecure());
}
