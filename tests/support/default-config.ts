import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { parseLabConfig, type LabConfig } from "../../src/model/lab-config.ts";

interface Project {
  config: Record<string, { default: unknown }>;
}

/** The defaults that Pulumi.yaml declares, as the program gets them. */
export function declaredDefaults(): Record<string, unknown> {
  const project = parse(
    readFileSync(join(import.meta.dirname, "..", "..", "Pulumi.yaml"), "utf8"),
  ) as Project;
  return Object.fromEntries(Object.entries(project.config).map(([key, entry]) => [key, entry.default]));
}

/** The default lab's configuration, with changes. */
export function configWith(changes: Readonly<Record<string, unknown>> = {}): LabConfig {
  return parseLabConfig({ ...declaredDefaults(), ...changes });
}
