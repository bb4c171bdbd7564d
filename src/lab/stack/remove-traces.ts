import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { LabContext } from "../lab-context.ts";
import { organization } from "./own-backend.ts";

/**
 * Removes what Pulumi keeps of a stack that is gone: the state before the last one, with its secrets, and the empty
 * folders of its history and locks. A backend that the user has set is the user's.
 */
export async function removeTraces({ paths, stack }: LabContext): Promise<void> {
  if (process.env["PULUMI_BACKEND_URL"] !== undefined) return;
  const own = join(paths.state, ".pulumi");
  const formerStates = [`${stack}.json`, `${stack}.json.gz`].flatMap((name) => [
    `${name}.bak`,
    `${name}.bak.attrs`,
  ]);
  for (const project of await namesIn(join(own, "stacks"))) {
    for (const name of formerStates) await rm(join(own, "stacks", project, name), { force: true });
    for (const folder of [join(own, "history"), join(own, "locks", organization)])
      await rm(join(folder, project, stack), { recursive: true, force: true });
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch(() => []);
}
