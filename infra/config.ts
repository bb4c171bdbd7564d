import * as pulumi from "@pulumi/pulumi";
import { configKeys, parseLabConfig, type LabConfig } from "../src/model/lab-config.ts";

/** Keys whose value is text; every other value is JSON in the stack's configuration. */
const textKeys: ReadonlySet<string> = new Set([
  "subnet",
  "addressing",
  "carrierSubnet",
  "start",
  "stage",
  "baseImage",
  "engine",
  "systemd",
]);

/**
 * Reads the stack's configuration; the defaults are Pulumi.yaml's.
 *
 * @throws LabError `LAB_CONFIG` naming each field, its value and the rule it breaks.
 */
export function readLabConfig(config: pulumi.Config): LabConfig {
  return parseLabConfig(
    Object.fromEntries(
      configKeys.map((key) => [key, textKeys.has(key) ? config.get(key) : config.getObject<unknown>(key)]),
    ),
  );
}
