import { isIP } from "node:net";
import type Dockerode from "dockerode";
import type { PropertyMap, PropertyValue } from "../../provider/resource.ts";
import { labelFields, labelMap } from "../table/labels.ts";
import type { Field, Property, Table } from "../table/property.ts";
import { settle, settleBlocks, settleMap } from "../table/settle.ts";
import { asRecords, asText, asTextMap, isZero } from "../table/values.ts";

/** One address range as Docker's API has it. */
interface IpamConfig {
  Subnet?: string;
  Gateway?: string;
  IPRange?: string;
  AuxiliaryAddresses?: Record<string, string>;
}

/** The request that creates a network. */
export interface NetworkBody {
  Name: string;
  Driver?: string;
  Options?: Record<string, string>;
  Labels?: Record<string, string>;
  Attachable?: boolean;
  Ingress?: boolean;
  Internal?: boolean;
  EnableIPv6?: boolean;
  readonly IPAM: { Driver?: string; Options?: Record<string, string>; Config?: IpamConfig[] };
}
/** What Docker says of a network. */
export type NetworkLive = Dockerode.NetworkInspectInfo;

function subnetProblem(value: PropertyValue): string | undefined {
  const [address = "", prefix = ""] = asText(value).split("/");
  return isIP(address) !== 0 && /^\d{1,3}$/u.test(prefix)
    ? undefined
    : "must be a subnet such as 192.168.1.0/24";
}

function addressProblem(value: PropertyValue): string | undefined {
  return isIP(asText(value)) === 0 ? "must be an IP address" : undefined;
}

const ipamFields: readonly Field[] = [
  { name: "auxAddress", kind: "map", replaces: true },
  { name: "gateway", kind: "string", replaces: true, unset: "", problem: addressProblem },
  { name: "ipRange", kind: "string", replaces: true, unset: "", problem: subnetProblem },
  { name: "subnet", kind: "string", replaces: true, unset: "", problem: subnetProblem },
];

const flag = { kind: "boolean", replaces: true } as const;

const properties: readonly Property<NetworkBody, NetworkLive>[] = [
  {
    name: "name",
    kind: "string",
    isAutoNamed: true,
    replaces: true,
    toApi: (value, body) => {
      body.Name = asText(value);
    },
    fromInspect: (live) => live.Name,
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
    name: "options",
    kind: "map",
    computed: true,
    replaces: true,
    toApi: (value, body) => {
      body.Options = asTextMap(value);
    },
    fromInspect: (live, given) => settleMap(given ?? {}, live.Options),
  },
  {
    name: "labels",
    kind: "blockSet",
    replaces: true,
    fields: labelFields,
    toApi: (value, body) => {
      body.Labels = labelMap(value);
    },
    fromInspect: (live, given) =>
      settleBlocks(
        given,
        Object.entries(live.Labels ?? {}).map(([label, value]) => ({ label, value })),
      ),
  },
  {
    ...flag,
    name: "attachable",
    toApi: (value, body) => {
      body.Attachable = value === true;
    },
    fromInspect: (live) => live.Attachable,
  },
  {
    ...flag,
    name: "ingress",
    toApi: (value, body) => {
      body.Ingress = value === true;
    },
    fromInspect: (live) => live.Ingress,
  },
  {
    ...flag,
    name: "internal",
    computed: true,
    toApi: (value, body) => {
      body.Internal = value === true;
    },
    fromInspect: (live) => live.Internal,
  },
  {
    ...flag,
    name: "ipv6",
    toApi: (value, body) => {
      body.EnableIPv6 = value === true;
    },
    fromInspect: (live) => live.EnableIPv6,
  },
  {
    name: "ipamDriver",
    kind: "string",
    default: "default",
    replaces: true,
    toApi: (value, body) => {
      body.IPAM.Driver = asText(value);
    },
    fromInspect: (live, given) => settle(given, live.IPAM?.Driver ?? ""),
  },
  {
    name: "ipamOptions",
    kind: "map",
    replaces: true,
    toApi: (value, body) => {
      body.IPAM.Options = asTextMap(value);
    },
    fromInspect: (live, given) => settleMap(given, live.IPAM?.Options),
  },
  {
    name: "ipamConfigs",
    kind: "blockSet",
    computed: true,
    replaces: true,
    fields: ipamFields,
    toApi: (value, body) => {
      body.IPAM.Config = asRecords(value).map((entry) => {
        const config: IpamConfig = {};
        if (!isZero(entry["subnet"])) config.Subnet = asText(entry["subnet"]);
        if (!isZero(entry["gateway"])) config.Gateway = asText(entry["gateway"]);
        if (!isZero(entry["ipRange"])) config.IPRange = asText(entry["ipRange"]);
        if (!isZero(entry["auxAddress"])) config.AuxiliaryAddresses = asTextMap(entry["auxAddress"]);
        return config;
      });
    },
    fromInspect: readIpamConfigs,
  },
  { name: "scope", kind: "string", isOutput: true, replaces: false, fromInspect: (live) => live.Scope },
];

/** What is given stays where Docker has the same; a gateway that Docker chose is no change. */
function readIpamConfigs(live: NetworkLive, given: PropertyValue): PropertyValue {
  const found = ((live.IPAM?.Config ?? []) as IpamConfig[]).map((config): PropertyMap => ({
    auxAddress: config.AuxiliaryAddresses ?? null,
    gateway: config.Gateway ?? "",
    ipRange: config.IPRange ?? "",
    subnet: config.Subnet ?? "",
  }));
  const known = asRecords(given);
  const comparable = found.map((config) => {
    const match = known.find((entry) => entry["subnet"] === config["subnet"]);
    return match?.["gateway"] === "" ? { ...config, gateway: "" } : config;
  });
  return settleBlocks(given, comparable) === given ? given : found;
}

/** `docker:index/network:Network`. */
export const networkTable: Table<NetworkBody, NetworkLive> = {
  type: "docker:index/network:Network",
  properties,
  isDeletedBeforeReplace: false,
  meta: JSON.stringify({ schema_version: "1" }),
};
