import type { DockerFacts } from "../../../toolchain/docker/docker-facts.ts";
import type { OwnedObjects } from "../../engine/engine-leftovers.ts";
import type { Text } from "../../model/text.ts";
import type { EngineValues } from "../machine/engine-values.ts";

/** What answers where a Docker engine is looked for. */
export type EngineFacts =
  | { readonly kind: "answers"; readonly url: string; readonly facts: DockerFacts; readonly isLocal: boolean }
  | { readonly kind: "denied"; readonly url: string; readonly user: string }
  | { readonly kind: "silent"; readonly url: string; readonly reason: Text };

/** What was looked at, before it is judged. `undefined`: it can't be told from here. */
export interface DoctorFacts {
  readonly engine: EngineFacts;
  /** What is wrong with the stack's configuration; absent where `up` can work with it. */
  readonly configFault: Text | undefined;
  /** What the stack's configuration says of the engine's part, where it says it. */
  readonly configured: Partial<EngineValues>;
  /** How many more labs are to be built. */
  readonly labsWanted: number;
  /** Running labs on the engine, every clone's. */
  readonly labsRunning: number;
  /** The lab's range, `192.168.1.0/24`. */
  readonly subnet: string;
  /** What has a part of it already: interfaces, routes, Docker networks. */
  readonly subnetHolders: readonly Text[];
  /** Of the ports that a first lab takes on 127.0.0.1, those that are taken. */
  readonly takenPorts: readonly number[];
  readonly freeMemoryBytes: number;
  readonly disk: { readonly path: string; readonly freeBytes: number } | undefined;
  /** `fs.inotify.max_user_instances`. */
  readonly inotifyInstances: number | undefined;
  readonly hasVxlan: boolean | undefined;
  readonly hasNfTables: boolean | undefined;
  /** Labs on the engine of which this clone has no state; `undefined` where its state is kept elsewhere. */
  readonly strangers: readonly OwnedObjects[] | undefined;
}
