import type Dockerode from "dockerode";
import { labelFields, labelMap } from "../table/labels.ts";
import type { Property, Table } from "../table/property.ts";
import { settleBlocks, settleMap } from "../table/settle.ts";
import { asText, asTextMap } from "../table/values.ts";

/** The request that creates a volume. */
export type VolumeBody = Dockerode.VolumeCreateOptions;
/** What Docker says of a volume. */
export type VolumeLive = Dockerode.VolumeInspectInfo;

const properties: readonly Property<VolumeBody, VolumeLive>[] = [
  {
    name: "name",
    kind: "string",
    isAutoNamed: true,
    computed: true,
    replaces: true,
    toApi: (value, body) => {
      body.Name = asText(value);
    },
    fromInspect: (live) => live.Name,
  },
  {
    name: "labels",
    kind: "blockSet",
    replaces: true,
    fields: labelFields,
    toApi: (value, body) => {
      body.Labels = labelMap(value);
    },
    fromInspect: (live, given) => {
      // Docker says null for no labels, which the declared type lacks.
      const labels = live.Labels as Record<string, string> | null;
      return settleBlocks(
        given,
        Object.entries(labels ?? {}).map(([label, value]) => ({ label, value })),
      );
    },
  },
  {
    name: "driver",
    kind: "string",
    computed: true,
    replaces: true,
    toApi: (value, body) => {
      body.Driver = asText(value);
    },
    fromInspect: (live) => live.Driver,
  },
  {
    name: "driverOpts",
    kind: "map",
    replaces: true,
    toApi: (value, body) => {
      body.DriverOpts = asTextMap(value);
    },
    fromInspect: (live, given) => settleMap(given, live.Options),
  },
  {
    name: "mountpoint",
    kind: "string",
    isOutput: true,
    replaces: false,
    fromInspect: (live) => live.Mountpoint,
  },
  { name: "cluster", kind: "block", isOutput: true, unset: null, replaces: false },
];

/** `docker:index/volume:Volume`. */
export const volumeTable: Table<VolumeBody, VolumeLive> = {
  type: "docker:index/volume:Volume",
  properties,
  isDeletedBeforeReplace: false,
  meta: JSON.stringify({ schema_version: "1" }),
};
