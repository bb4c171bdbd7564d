import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { LabContext } from "../lab-context.ts";

/** The name that a file backend has for whoever its stacks belong to. */
const organization = "organization";

/**
 * Removes what Pulumi keeps of a stack that is gone: the state before the last one, with its secrets, and its logs,
 * which are encrypted by them; and the empty folders of its history and locks. A backend that the user has set is the
 * user's.
 */
export async function removeTraces({ paths, toolchain, stack }: LabContext): Promise<void> {
  if (process.env["PULUMI_BACKEND_URL"] === undefined) {
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
  const logs = join(toolchain.pulumiHome, "logs");
  // organization+project+stack-20261124T152803.log; a stack's name may be the beginning of another one's.
  const ofStack = new RegExp(`^[^+]+\\+[^+]+\\+${stack}-\\d{8}T\\d{6}(-\\d+)?\\.log$`);
  for (const name of await namesIn(logs)) if (ofStack.test(name)) await rm(join(logs, name), { force: true });
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch(() => []);
}
