import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { parseLabConfig, type LabConfig } from "../../src/model/lab-config.ts";

interface Project {
  config: Record<string, { type: string; default: unknown }>;
}

function declaredKeys(): Project["config"] {
  const file = join(import.meta.dirname, "..", "..", "Pulumi.yaml");
  return (parse(readFileSync(file, "utf8")) as Project).config;
}

/** The defaults that Pulumi.yaml declares, as the program gets them. */
export function declaredDefaults(): Record<string, unknown> {
  return Object.fromEntries(Object.entries(declaredKeys()).map(([key, entry]) => [key, entry.default]));
}

/** Key to the type that Pulumi.yaml declares. */
export function declaredTypes(): Record<string, string> {
  return Object.fromEntries(Object.entries(declaredKeys()).map(([key, { type }]) => [key, type]));
}

/** The default lab's configuration, with changes. */
export function configWith(changes: Readonly<Record<string, unknown>> = {}): LabConfig {
  return parseLabConfig({ ...declaredDefaults(), ...changes });
}
