import { engineEndpoints } from "../../../toolchain/docker/engine-endpoints.ts";
import { askEngine } from "../../../toolchain/docker/engine-request.ts";
import type { ProgressReporter } from "../../../toolchain/progress.ts";
import { listOwnedObjects } from "../../engine/engine-leftovers.ts";

/**
 * What the engine holds under a stack's name that another owner made: another checkout's lab, or what is left of
 * one. Nobody but that owner touches it, so it is only ever named.
 *
 * @param owner - this stack's owner; absent where it has built nothing.
 */
export async function listNamesakes(
  engine: string,
  stack: string,
  owner: string | undefined,
): Promise<readonly string[]> {
  return (await listOwnedObjects(engine))
    .filter((lab) => lab.stack === stack && lab.owner !== owner)
    .flatMap((lab) => lab.objects.map((name) => `${name} (owner ${lab.owner})`));
}

/** The same where this checkout has never heard of the stack: nothing is brought to find an engine. */
export async function findNamesakes(stack: string, signal: AbortSignal): Promise<readonly string[]> {
  for (const endpoint of engineEndpoints(process.env)) {
    const answer = await askEngine(endpoint, signal);
    if (answer.kind === "answers") return listNamesakes(endpoint.url, stack, undefined);
  }
  return [];
}

/** Says that they stay as they are; nothing where there are none. */
export function sayLeftAlone(report: ProgressReporter, namesakes: readonly string[]): void {
  if (namesakes.length === 0) return;
  const list = namesakes.join(", ");
  report.say({
    en: `Left alone, since another checkout's lab of this name owns it: ${list}.`,
    ja: `別のチェックアウトの同名のラボのものなので、触れていません: ${list}`,
  });
}
