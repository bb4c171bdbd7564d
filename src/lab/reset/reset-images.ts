import { startOfHost } from "../../course/stage.ts";
import { hasImage } from "../../engine/lab-objects.ts";
import { deskBaseName, hostImageName } from "../../images/image-plan.ts";
import type { LabConfig } from "../../model/lab-config.ts";
import { engineOf, type LabContext } from "../lab-context.ts";
import { resourceName } from "../stack/run-engine.ts";
import type { KnownResource } from "./reset-targets.ts";

/** The images that a lab has once some of its nodes are new. */
export interface ImagesOfReset {
  /** Names, as the program has them, of the images that one of the nodes is made from then. */
  readonly inUse: readonly string[];
  /** Those of the new nodes' that the state knows and the engine has no more. */
  readonly lost: readonly string[];
  /** Whether one of the new nodes' has to be built. */
  readonly areMissing: boolean;
}

/**
 * Looks for the images of the nodes that are to be new. They are the very ones that the lab was built from: an edited
 * Dockerfile is `up --replace`'s business.
 *
 * @param config - as it is after the reset.
 */
export async function imagesOfReset(
  context: LabContext,
  state: readonly KnownResource[],
  config: LabConfig,
  renewed: {
    readonly hosts: readonly string[];
    readonly isDnsMeant: boolean;
    readonly isDeskMeant: boolean;
  },
): Promise<ImagesOfReset> {
  const imageOf = (host: string): string =>
    config.restored[host] === undefined
      ? hostImageName(config, startOfHost(config, host))
      : `${host}-saved-image`;
  const used = config.hosts.map(({ name }) => imageOf(name));
  const ofDesk = config.desk === "" ? [] : [deskBaseName(config.baseImage), "desk-image"];
  const needed = new Set([
    ...renewed.hosts.map(imageOf),
    ...(renewed.isDnsMeant ? ["dns-image"] : []),
    ...(renewed.isDeskMeant ? ["desk-image"] : []),
  ]);
  const lost: string[] = [];
  let areMissing = false;
  for (const name of needed) {
    const id = state.find(({ type, urn }) => type === "command:local:Command" && resourceName(urn) === name)
      ?.outputs?.["stdout"];
    if (typeof id === "string" && (await hasImage(engineOf(context), id))) continue;
    areMissing = true;
    if (id !== undefined) lost.push(name);
  }
  return { inUse: [...new Set(["base-image", "dns-image", ...ofDesk, ...used])], lost, areMissing };
}
