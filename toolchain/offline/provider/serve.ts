import providerServices from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { EngineLog } from "../rpc/engine-log.ts";
import { engineAddress, servePlugin } from "../rpc/serve-plugin.ts";
import { createHandlers } from "./handlers.ts";
import { Operations } from "./operations.ts";
import type { Resource } from "./resource.ts";

/** A stand-in provider: which package it stands for and what it implements of it. */
export interface ProviderDefinition {
  /** The package's name, `docker`. */
  readonly name: string;
  /** The version of the official plugin that it stands for, without a `v`. */
  readonly version: string;
  readonly resources: readonly Resource[];
  /** Options of the provider that it honours; any other is refused by name. */
  readonly configKeys: readonly string[];
  /** Ends what outlives the operations, such as idle connections. */
  readonly dispose?: () => void;
}

/** Serves a stand-in provider to the engine that started this process, until the engine ends it. */
export async function serveProvider(definition: ProviderDefinition): Promise<void> {
  const operations = new Operations(new EngineLog(engineAddress()));
  await servePlugin({
    definition: providerServices.ResourceProviderService,
    implementation: createHandlers(definition, operations),
    stop: async () => {
      await operations.stop();
      definition.dispose?.();
    },
  });
}
