import { isElsewhere } from "../../../toolchain/docker/engine-route.ts";
import { requireRoute } from "../../engine/docker-engine.ts";
import type { LabPaths } from "../lab-paths.ts";
import { readCommittedValues, readOwnValues } from "../stack/stack-config.ts";

/**
 * The engine on another machine that a stack's configuration names, so that every command goes where its containers
 * are. One that the shell chose goes before it, and is refused where it is not the lab's.
 */
export async function engineElsewhere(paths: LabPaths, stack: string): Promise<string | undefined> {
  if (process.env["DOCKER_HOST"] || process.env["DOCKER_CONTEXT"]) return undefined;
  const values = { ...(await readOwnValues(paths)), ...(await readCommittedValues(paths, stack)) };
  const { engine } = values;
  return typeof engine === "string" && isElsewhere(engine) ? engine : undefined;
}

/**
 * Refuses what names no engine, before anything is made.
 *
 * @throws LabError `LAB_ENGINE_ADDRESS`
 */
export function requireEngineAddress(engine: string): void {
  requireRoute(engine);
}
