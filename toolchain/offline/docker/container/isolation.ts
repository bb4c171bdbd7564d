import type { PropertyValue } from "../../provider/resource.ts";
import type { Field, Property } from "../table/property.ts";
import { settle, settleBlocks, settleMap, settleSet } from "../table/settle.ts";
import { asNumber, asRecords, asText, asTextMap, asTexts, isRecord } from "../table/values.ts";
import type { ContainerBody, ContainerLive } from "./body.ts";

/** Docker spells capabilities with `CAP_` since Engine 20, people without. */
export function canonicalCapability(text: string): string {
  const upper = text.toUpperCase();
  return upper === "ALL" || upper.startsWith("CAP_") ? upper : `CAP_${upper}`;
}

const capabilityFields: readonly Field[] = ["adds", "drops"].map((name) => ({
  name,
  kind: "stringSet",
  replaces: true,
  unset: [],
  canonical: canonicalCapability,
}));

const ulimitFields: readonly Field[] = [
  { name: "name", kind: "string", required: true, replaces: true },
  { name: "soft", kind: "number", required: true, replaces: true },
  { name: "hard", kind: "number", required: true, replaces: true },
];

/** Says `systempaths=unconfined`, which Docker's clients turn into two empty lists. */
const UNCONFINED_PATHS = "systempaths=unconfined";

/** What the container may do and see of the machine. */
export const isolationProperties: readonly Property<ContainerBody, ContainerLive>[] = [
  {
    name: "capabilities",
    kind: "block",
    replaces: true,
    fields: capabilityFields,
    toApi: (value, body) => {
      if (!isRecord(value)) return;
      body.HostConfig.CapAdd = asTexts(value["adds"]);
      body.HostConfig.CapDrop = asTexts(value["drops"]);
    },
    fromInspect: (live, given) => {
      const adds = (live.HostConfig.CapAdd ?? []) as string[];
      const drops = (live.HostConfig.CapDrop ?? []) as string[];
      if (!isRecord(given)) return adds.length + drops.length === 0 ? given : { adds, drops };
      return {
        adds: settleSet(given["adds"] ?? [], adds, canonicalCapability),
        drops: settleSet(given["drops"] ?? [], drops, canonicalCapability),
      };
    },
  },
  {
    name: "securityOpts",
    kind: "stringSet",
    computed: true,
    replaces: true,
    toApi: (value, body) => {
      const options = asTexts(value);
      body.HostConfig.SecurityOpt = options.filter((option) => option !== UNCONFINED_PATHS);
      if (!options.includes(UNCONFINED_PATHS)) return;
      body.HostConfig.MaskedPaths = [];
      body.HostConfig.ReadonlyPaths = [];
    },
    fromInspect: (live, given) => readSecurityOpts(given, (live.HostConfig.SecurityOpt ?? []) as string[]),
  },
  {
    name: "privileged",
    kind: "boolean",
    replaces: true,
    toApi: (value, body) => {
      body.HostConfig.Privileged = value === true;
    },
    fromInspect: (live) => live.HostConfig.Privileged ?? false,
  },
  {
    name: "readOnly",
    kind: "boolean",
    replaces: true,
    toApi: (value, body) => {
      body.HostConfig.ReadonlyRootfs = value === true;
    },
    fromInspect: (live) => live.HostConfig.ReadonlyRootfs ?? false,
  },
  {
    name: "init",
    kind: "boolean",
    computed: true,
    replaces: false,
    toApi: (value, body) => {
      body.HostConfig.Init = value === true;
    },
    fromInspect: (live) => live.HostConfig.Init ?? false,
  },
  {
    name: "cgroupnsMode",
    kind: "string",
    replaces: true,
    problem: (value) =>
      ["private", "host", ""].includes(asText(value)) ? undefined : "must be private or host",
    toApi: (value, body) => {
      Object.assign(body.HostConfig, { CgroupnsMode: asText(value) });
    },
  },
  {
    name: "cgroupParent",
    kind: "string",
    replaces: true,
    toApi: (value, body) => {
      body.HostConfig.CgroupParent = asText(value);
    },
  },
  {
    name: "ipcMode",
    kind: "string",
    computed: true,
    replaces: true,
    toApi: (value, body) => {
      body.HostConfig.IpcMode = asText(value);
    },
    fromInspect: (live, given) => settle(given, live.HostConfig.IpcMode ?? ""),
  },
  {
    name: "pidMode",
    kind: "string",
    replaces: true,
    toApi: (value, body) => {
      body.HostConfig.PidMode = asText(value);
    },
    fromInspect: (live, given) => settle(given, live.HostConfig.PidMode ?? ""),
  },
  {
    name: "usernsMode",
    kind: "string",
    replaces: true,
    toApi: (value, body) => {
      body.HostConfig.UsernsMode = asText(value);
    },
    fromInspect: (live, given) => settle(given, live.HostConfig.UsernsMode ?? ""),
  },
  {
    name: "groupAdds",
    kind: "stringSet",
    replaces: true,
    toApi: (value, body) => {
      body.HostConfig.GroupAdd = asTexts(value);
    },
    fromInspect: (live, given) => settleSet(given, live.HostConfig.GroupAdd),
  },
  {
    name: "sysctls",
    kind: "map",
    replaces: true,
    toApi: (value, body) => {
      body.HostConfig.Sysctls = asTextMap(value);
    },
    fromInspect: (live, given) => settleMap(given, live.HostConfig.Sysctls),
  },
  {
    name: "ulimits",
    kind: "blockSet",
    replaces: true,
    fields: ulimitFields,
    toApi: (value, body) => {
      body.HostConfig.Ulimits = asRecords(value).map((entry) => ({
        Name: asText(entry["name"]),
        Soft: asNumber(entry["soft"]),
        Hard: asNumber(entry["hard"]),
      }));
    },
    // Docker adds the daemon's own limits where none is given; those are nobody's change.
    fromInspect: (live, given) =>
      asRecords(given).length === 0 ? given : settleBlocks(given, readUlimits(live)),
  },
  {
    name: "runtime",
    kind: "string",
    computed: true,
    replaces: true,
    toApi: (value, body) => {
      body.HostConfig.Runtime = asText(value);
    },
    fromInspect: (live, given) => settle(given, live.HostConfig.Runtime ?? ""),
  },
  {
    name: "platform",
    kind: "string",
    computed: true,
    replaces: true,
    toApi: (value, body) => {
      body.platform = asText(value);
    },
    // Docker keeps the system's name alone of `linux/amd64`.
    fromInspect: (live, given) => (asText(given).startsWith(`${live.Platform}/`) ? given : live.Platform),
  },
];

function readUlimits(live: ContainerLive): PropertyValue[] {
  return (live.HostConfig.Ulimits ?? []).map((limit) => ({
    name: limit.Name ?? "",
    soft: limit.Soft ?? 0,
    hard: limit.Hard ?? 0,
  }));
}

/** Docker adds options of its own (`label=disable`), which are no change; a given one that is missing is. */
function readSecurityOpts(given: PropertyValue, live: readonly string[]): PropertyValue {
  if (given === null) return live.length === 0 ? null : live;
  const isKept = asTexts(given).every((option) => option === UNCONFINED_PATHS || live.includes(option));
  return isKept ? given : live;
}
