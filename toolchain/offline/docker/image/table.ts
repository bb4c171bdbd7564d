import type Dockerode from "dockerode";
import { officialTimeLimits } from "../container/table.ts";
import type { Field, Property, Table } from "../table/property.ts";
import { asText } from "../table/values.ts";

/** What Docker says of an image. */
export type ImageLive = Dockerode.ImageInspectInfo;

/** An image is pulled or built, so no row writes a request of its own. */
type NoBody = Record<string, never>;

const text = { kind: "string", replaces: true, unset: "" } as const;
const count = { kind: "number", replaces: true } as const;
const flag = { kind: "boolean", replaces: true } as const;

/**
 * Fields of `build`. Those that only BuildKit's own client serves (`secrets`, `cacheFroms`, `builder`, …) are
 * refused by name; the state has their empty values for the official plugin.
 */
const buildFields: readonly Field[] = [
  { name: "context", kind: "string", required: true, replaces: true },
  { name: "dockerfile", kind: "string", default: "Dockerfile", replaces: true },
  { name: "buildArgs", kind: "map", replaces: true },
  { name: "cgroupParent", ...text },
  { name: "cpuPeriod", ...count },
  { name: "cpuQuota", ...count },
  { name: "cpuSetCpus", ...text },
  { name: "cpuSetMems", ...text },
  { name: "cpuShares", ...count },
  { name: "extraHosts", kind: "strings", replaces: true, unset: [] },
  { name: "forceRemove", ...flag },
  { name: "label", kind: "map", replaces: false },
  { name: "labels", kind: "map", replaces: true },
  { name: "memory", ...count },
  { name: "memorySwap", ...count },
  { name: "networkMode", ...text },
  { name: "noCache", ...flag },
  { name: "platform", ...text },
  { name: "pullParent", ...flag },
  { name: "remove", kind: "boolean", default: true, replaces: false },
  { name: "shmSize", ...count },
  { name: "squash", ...flag },
  { name: "suppressOutput", ...flag },
  { name: "tags", kind: "strings", replaces: false, unset: [] },
  { name: "target", ...text },
  ...[
    "buildId",
    "buildLogFile",
    "builder",
    "isolation",
    "provenance",
    "remoteContext",
    "sbom",
    "sessionId",
    "version",
  ].map((name) => ({ name, ...text, isOutput: true })),
  ...[
    "additionalContexts",
    "authConfigs",
    "cacheFroms",
    "cacheTos",
    "secrets",
    "securityOpts",
    "ulimits",
  ].map((name) => ({ name, kind: "strings", replaces: true, unset: [], isOutput: true }) as const),
  { name: "useLegacyBuilder", kind: "boolean", replaces: true, unset: false, isOutput: true },
];

const properties: readonly Property<NoBody, ImageLive>[] = [
  { name: "name", kind: "string", required: true, replaces: true },
  { name: "build", kind: "block", replaces: false, fields: buildFields },
  { name: "forceRemove", kind: "boolean", replaces: false },
  { name: "keepLocally", kind: "boolean", replaces: false },
  { name: "platform", kind: "string", replaces: true },
  { name: "pullTriggers", kind: "stringSet", replaces: true },
  { name: "triggers", kind: "map", replaces: true },
  { name: "imageId", kind: "string", isOutput: true, replaces: false, fromInspect: (live) => live.Id },
  {
    name: "repoDigest",
    kind: "string",
    isOutput: true,
    replaces: false,
    fromInspect: (live, _given, all) => {
      const repository = asText(all["name"]).replace(/[:@][^/]*$/u, "");
      const digests = live.RepoDigests as string[] | null;
      return digests?.find((digest) => digest.startsWith(`${repository}@`)) ?? "";
    },
  },
];

/** `docker:index/remoteImage:RemoteImage`. */
export const remoteImageTable: Table<NoBody, ImageLive> = {
  type: "docker:index/remoteImage:RemoteImage",
  properties,
  isDeletedBeforeReplace: false,
  meta: JSON.stringify(officialTimeLimits),
  restatedBlock: "build",
  problems: (inputs) =>
    inputs["build"] !== undefined && inputs["pullTriggers"] !== undefined
      ? [{ property: "pullTriggers", reason: "an image that is built has triggers, not pullTriggers" }]
      : [],
};
