import {
  listContainers,
  listNetworks,
  removeContainer,
  removeNetwork,
  type EngineContainer,
  type EngineNetwork,
} from "../../engine/lab-objects.ts";
import { labelNames } from "../../model/labels.ts";
import { engineOf, type LabContext } from "../lab-context.ts";
import type { LabState } from "../stack/lab-state.ts";

/**
 * Removes what a killed build made on the engine and could not write into the state any more. Of a lab that was
 * whole once only what the killed operation was creating: anything else may hold somebody's work, and is left to
 * `down`.
 */
export async function removeUnfinished(context: LabContext, state: LabState): Promise<void> {
  await removeOrphans(context, state, ({ name }) =>
    state.outputs === undefined ? true : state.unfinished.has(name),
  );
}

/** Removes what carries the lab's owner and is not in its state. */
export async function removeOrphans(
  context: LabContext,
  { owner, dockerIds }: LabState,
  isMeant: (object: { readonly name: string }) => boolean = () => true,
): Promise<void> {
  if (owner === undefined) return;
  const engine = engineOf(context);
  const isOrphan = (object: EngineContainer | EngineNetwork): boolean =>
    object.labels[labelNames.owner] === owner && !dockerIds.has(object.id) && isMeant(object);
  const containers = (await listContainers(engine)).filter(isOrphan);
  await Promise.all(containers.map(({ id }) => removeContainer(engine, id)));
  const networks = (await listNetworks(engine)).filter(isOrphan);
  await Promise.all(networks.map(({ id }) => removeNetwork(engine, id)));
}
