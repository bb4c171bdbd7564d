import { readFileSync } from "node:fs";
import path from "node:path";

import { z } from "zod";

/** The oldest engine that the program and the stand-ins are proven with, and the one built from the Go module. */
export const moduleEngineVersion = "3.259.0";

const packageSchema = z.object({
  dependencies: z.object({
    "@pulumi/pulumi": z.string(),
    "@pulumi/docker": z.string(),
    "@pulumi/command": z.string(),
  }),
});

/** The versions that belong together, as package.json pins them. */
export interface PulumiParts {
  /** Pulumi's own command is released under the version of its Node.js SDK. */
  readonly cliVersion: string;
  readonly plugins: readonly { readonly name: "docker" | "command"; readonly version: string }[];
}

/** Reads the pinned versions of the clone at `root`. */
export function readPulumiParts(root: string): PulumiParts {
  const { dependencies } = packageSchema.parse(
    JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")),
  );
  return {
    cliVersion: dependencies["@pulumi/pulumi"],
    plugins: [
      { name: "docker", version: dependencies["@pulumi/docker"] },
      { name: "command", version: dependencies["@pulumi/command"] },
    ],
  };
}

/** The folder of a plugin under `plugins/`, as the engine looks for it. */
export function pluginFolder(plugin: { readonly name: string; readonly version: string }): string {
  return `resource-${plugin.name}-v${plugin.version}`;
}

/** The folder of the Node.js language host under `plugins/`, where it isn't beside the engine. */
export function languageHostFolder(parts: PulumiParts): string {
  return `language-nodejs-v${parts.cliVersion}`;
}
