import { setTimeout as pause } from "node:timers/promises";
import providerServices from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { commandProvider } from "./command/command-provider.ts";
import type { LocalSurroundings } from "./command/local-command.ts";
import { dockerProvider } from "./docker/docker-provider.ts";
import { isStandIn } from "./install.ts";
import { createHandlers } from "./provider/handlers.ts";
import { Operations } from "./provider/operations.ts";
import type { ProviderDefinition } from "./provider/serve.ts";
import { EngineLog } from "./rpc/engine-log.ts";
import { listen } from "./rpc/serve-plugin.ts";

/** Providers that this process serves. */
export interface AttachedProviders {
  /** Makes an engine that is started with it attach to them. */
  readonly environment: Readonly<Record<string, string>>;
  /** Ends what still runs in them, and the serving. */
  close(): Promise<void>;
}

/**
 * Serves the stand-in providers in this process to one run of the engine, which else starts a Node.js for each of
 * them. A plugin in PULUMI_HOME that is not a stand-in is left for the engine to start.
 *
 * @param surroundings - the environment and the folder that the engine would start them with.
 */
export async function attachProviders(
  pulumiHome: string,
  surroundings: LocalSurroundings,
): Promise<AttachedProviders> {
  const definitions = [dockerProvider(surroundings.environment), commandProvider(surroundings)];
  const standIns = await Promise.all(definitions.map(({ name }) => isStandIn(pulumiHome, name)));
  const served = await Promise.all(definitions.filter((_, index) => standIns[index]).map(serve));
  const addresses = served.map(({ address }) => address).join(",");
  return {
    environment: addresses === "" ? {} : { PULUMI_DEBUG_PROVIDERS: addresses },
    close: async () => {
      await Promise.all(served.map(({ close }) => close()));
    },
  };
}

/** How long what an engine has left running may take to end. */
const stopBudgetMs = 1000;

async function serve(definition: ProviderDefinition) {
  // The engine says where it is when it attaches.
  const operations = new Operations(new EngineLog());
  const { server, port } = await listen({
    definition: providerServices.ResourceProviderService,
    implementation: createHandlers(definition, operations),
  });
  return {
    address: `${definition.name}:${String(port)}`,
    close: async () => {
      await Promise.race([operations.stop(), pause(stopBudgetMs, undefined, { ref: false })]);
      definition.dispose?.();
      server.forceShutdown();
    },
  };
}
