import manifest from "@pulumi/docker/package.json" with { type: "json" };
import type { ProviderDefinition } from "../provider/serve.ts";
import { dockerResources } from "./docker-resources.ts";

/**
 * The stand-in for the official docker plugin.
 *
 * @param environment - says which engine it is where the provider's configuration does not.
 */
export function dockerProvider(environment: NodeJS.ProcessEnv): ProviderDefinition {
  return {
    name: "docker",
    version: manifest.pulumi.version,
    resources: dockerResources(environment),
    configKeys: ["host", "context"],
  };
}
