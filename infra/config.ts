import * as pulumi from "@pulumi/pulumi";
import { checkStages } from "../src/course/stage.ts";
import { configKeys, parseLabConfig, textKeys, type LabConfig } from "../src/model/lab-config.ts";

/**
 * Reads the stack's configuration; the defaults are Pulumi.yaml's.
 *
 * @throws LabError `LAB_CONFIG` naming each field, its value and the rule it breaks; `LAB_STAGE`.
 */
export function readLabConfig(config: pulumi.Config): LabConfig {
  const checked = parseLabConfig(
    Object.fromEntries(
      configKeys.map((key) => [key, textKeys.has(key) ? config.get(key) : config.getObject<unknown>(key)]),
    ),
    // `./lab` refuses what a person mistyped; here the machine's own choice may be older than the list of hosts.
    { mayPublishUnknownHosts: true },
  );
  // Looked up here already, since a host that is half way through the chapter helps nobody.
  checkStages(checked);
  return checked;
}
