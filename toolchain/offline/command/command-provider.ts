import manifest from "@pulumi/command/package.json" with { type: "json" };
import type { ProviderDefinition } from "../provider/serve.ts";
import { localCommand, type LocalSurroundings } from "./local-command.ts";
import { remoteCommand } from "./remote-command.ts";
import { SshPool } from "./ssh-pool.ts";

/** The stand-in for the official command plugin. */
export function commandProvider(surroundings: LocalSurroundings): ProviderDefinition {
  const pool = new SshPool();
  return {
    name: "command",
    version: manifest.pulumi.version,
    resources: [localCommand(surroundings), remoteCommand(pool)],
    configKeys: [],
    dispose: () => {
      pool.close();
    },
  };
}
