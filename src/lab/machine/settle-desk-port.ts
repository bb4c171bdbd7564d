import { isDeepStrictEqual } from "node:util";
import type { LabConfig } from "../../model/lab-config.ts";
import { readChosenValues, writeChosenValues } from "./chosen-values.ts";
import type { LabContext } from "../lab-context.ts";
import { chooseDeskPort } from "./machine-values.ts";
import { reservedPorts } from "./settle-machine-values.ts";
import { readCommittedValues, readOwnValues, setOwnValues } from "../stack/stack-config.ts";

/**
 * Gives the desk a port of its own where the lab's other ports were settled without one: it was added to a lab that is
 * there, or the user has set the others.
 *
 * @returns the configuration with the port in it.
 */
export async function settleDeskPort(context: LabContext, config: LabConfig): Promise<LabConfig> {
  if (config.desk === "" || config.publish.desk !== undefined) return config;
  const { publish: committed } = await readCommittedValues(context.paths, context.stack);
  // What is written there would be taken over again: the desk then has its usual port.
  if (committed !== undefined) return config;
  const publish = { ...config.publish, desk: await chooseDeskPort(await reservedPorts(context)) };
  const chosen = await readChosenValues(context.paths);
  const isChosen = isDeepStrictEqual((await readOwnValues(context.paths))["publish"], chosen["publish"]);
  // What the machine chose stays known as that, so that a rebuilt lab may choose anew.
  if (isChosen) await writeChosenValues(context.paths, { ...chosen, publish });
  await setOwnValues(context.paths, { publish });
  return { ...config, publish };
}
