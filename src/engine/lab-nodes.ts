import { labelNames } from "../model/labels.ts";
import { askEngine } from "./docker-engine.ts";

/** A node of a lab as the engine has it. */
export interface EngineNode {
  /** `dns`, `host1`, … */
  readonly name: string;
  /** The engine's id of its container. */
  readonly id: string;
  /** The id of the image that it was made from. */
  readonly image: string;
  readonly isRunning: boolean;
  /** Its address in the lab. */
  readonly address: string;
  /** Its addresses on the engine's networks: another one where the lab's are held inside the nodes. */
  readonly engineAddresses: readonly string[];
}

/** Where a container is told its address in the lab, with its prefix length; see images/README.md. */
const addressVariable = "MAIL_LAB_ADDRESS=";

/** The nodes of a lab that the engine has, by name. */
export async function listNodes(host: string, owner: string): Promise<readonly EngineNode[]> {
  const filters = JSON.stringify({ label: [`${labelNames.owner}=${owner}`, labelNames.node] });
  const nodes = await askEngine(host, async (docker) => {
    const containers = await docker.listContainers({ all: true, filters });
    return await Promise.all(containers.map(({ Id }) => docker.getContainer(Id).inspect()));
  });
  return nodes
    .map(({ Id, Image, State, Config, NetworkSettings }) => ({
      name: Config.Labels[labelNames.node] ?? "",
      id: Id,
      image: Image,
      isRunning: State.Running && !State.Paused,
      address: (Config.Env.find((entry) => entry.startsWith(addressVariable)) ?? "")
        .slice(addressVariable.length)
        .replace(/\/.*/, ""),
      engineAddresses: Object.values(NetworkSettings.Networks)
        .map(({ IPAddress }) => IPAddress)
        .filter((address) => address !== ""),
    }))
    .sort((left, right) => left.name.localeCompare(right.name));
}
