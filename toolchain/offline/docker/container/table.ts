import type { Property, Table } from "../table/property.ts";
import type { ContainerBody, ContainerLive } from "./body.ts";
import { connectionProperties } from "./connection.ts";
import { isolationProperties } from "./isolation.ts";
import { lifecycleProperties } from "./lifecycle.ts";
import { processProperties } from "./process.ts";
import { resourceProperties } from "./resources.ts";
import { storageProblems, storageProperties } from "./storage.ts";

/** Outputs of the official plugin for inputs that this one refuses: always empty. */
const emptyOutputs: readonly Property<ContainerBody, ContainerLive>[] = [
  ...[
    "deviceReadBps",
    "deviceReadIops",
    "deviceRequests",
    "deviceWriteBps",
    "deviceWriteIops",
    "devices",
    "mounts",
  ].map((name) => ({ name, kind: "blockSet", isOutput: true, unset: [], replaces: true }) as const),
  { name: "gpus", kind: "string", isOutput: true, unset: null, replaces: true },
];

/** Nanoseconds that the official plugin notes as the time limit of each operation. */
const OFFICIAL_TIME_LIMIT_NS = 1_200_000_000_000;
/** Where it notes them. */
const TIME_LIMITS_KEY = "e2bfb730-ecaa-11e6-8f88-34363bc7c4c0";

/** The official plugin's note of its time limits. */
export const officialTimeLimits = {
  [TIME_LIMITS_KEY]: {
    create: OFFICIAL_TIME_LIMIT_NS,
    delete: OFFICIAL_TIME_LIMIT_NS,
    update: OFFICIAL_TIME_LIMIT_NS,
  },
} as const;

/** `docker:index/container:Container`. */
export const containerTable: Table<ContainerBody, ContainerLive> = {
  type: "docker:index/container:Container",
  properties: [
    ...processProperties,
    ...lifecycleProperties,
    ...isolationProperties,
    ...resourceProperties,
    ...storageProperties,
    ...connectionProperties,
    ...emptyOutputs,
  ],
  isDeletedBeforeReplace: true,
  meta: JSON.stringify({ ...officialTimeLimits, schema_version: "2" }),
  problems: storageProblems,
};
