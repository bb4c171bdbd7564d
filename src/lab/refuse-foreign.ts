import {
  listContainers,
  listNetworks,
  removeContainer,
  removeNetwork,
  type EngineContainer,
  type EngineNetwork,
} from "../engine/lab-objects.ts";
import { labelNames } from "../model/labels.ts";
import type { LabConfig } from "../model/lab-config.ts";
import { LabError } from "../model/lab-error.ts";
import { engineOf, type LabContext } from "./lab-context.ts";
import type { LabState } from "./lab-state.ts";

/**
 * Refuses to build over containers of the lab's names that this stack did not make: another clone's lab, or
 * something else altogether.
 *
 * @param owner - this stack's owner; absent where it has built nothing yet.
 * @throws LabError `LAB_FOREIGN_CONTAINER` naming them.
 */
export async function refuseForeignContainers(
  context: LabContext,
  config: LabConfig,
  owner: string | undefined,
): Promise<void> {
  const names = new Set(
    ["dns", ...config.hosts.map((host) => host.name)].map((node) => `${context.stack}-${node}`),
  );
  const foreign = (await listContainers(engineOf(context))).filter(
    (container) =>
      names.has(container.name) && (owner === undefined || container.labels[labelNames.owner] !== owner),
  );
  if (foreign.length === 0) return;
  const list = foreign.map(({ name }) => name).join(", ");
  throw new LabError(
    "LAB_FOREIGN_CONTAINER",
    {
      en: `Containers of these names exist and are not this lab's: ${list}.`,
      ja: `同じ名前の、このラボのものではないコンテナがあります: ${list}`,
    },
    {
      details: foreign.map(({ name, labels }) => `${name}: ${originOf(labels)}`),
      hint: {
        en: "./lab up --stack NAME builds a lab of another name beside it",
        ja: "./lab up --stack 名前 で、別の名前のラボを並べて作れます",
      },
    },
  );
}

function originOf(labels: Readonly<Record<string, string>>): string {
  const stack = labels[labelNames.stack];
  if (stack === undefined) return "not made by mail-lab";
  return `the lab “${stack}” of another checkout (owner ${labels[labelNames.owner] ?? "unknown"})`;
}

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
