import { isIP } from "node:net";
import type { PropertyMap, PropertyValue } from "../../provider/resource.ts";
import type { Field, Property } from "../table/property.ts";
import { settle, settleBlocks, settleMap, settleSet } from "../table/settle.ts";
import { asNumber, asRecords, asText, asTextMap, asTexts, canonicalText, isZero } from "../table/values.ts";
import type { ContainerBody, ContainerLive } from "./body.ts";

const MAX_PORT = 65_535;

const portProblem = (value: PropertyValue): string | undefined =>
  Number.isInteger(value) && asNumber(value) >= 0 && asNumber(value) <= MAX_PORT
    ? undefined
    : `must be a port from 0 to ${MAX_PORT}`;

const addressProblem =
  (version: 4 | 6) =>
  (value: PropertyValue): string | undefined =>
    value === "" || isIP(asText(value)) === version ? undefined : `must be an IPv${version} address`;

const networkFields: readonly Field[] = [
  { name: "aliases", kind: "stringSet", replaces: true, unset: [] },
  { name: "driverOpts", kind: "stringSet", replaces: true, unset: [] },
  { name: "gwPriority", kind: "number", replaces: true },
  { name: "ipv4Address", kind: "string", replaces: true, unset: "", problem: addressProblem(4) },
  { name: "ipv6Address", kind: "string", replaces: true, unset: "", problem: addressProblem(6) },
  { name: "linkLocalIps", kind: "stringSet", replaces: true, unset: [] },
  { name: "macAddress", kind: "string", replaces: true, unset: "" },
  { name: "name", kind: "string", required: true, replaces: true },
];

const portFields: readonly Field[] = [
  { name: "external", kind: "number", computed: true, replaces: true, problem: portProblem },
  { name: "internal", kind: "number", required: true, replaces: true, problem: portProblem },
  { name: "ip", kind: "string", default: "0.0.0.0", replaces: true },
  { name: "protocol", kind: "string", default: "tcp", replaces: true },
];

const hostFields: readonly Field[] = [
  { name: "host", kind: "string", required: true, replaces: true },
  { name: "ip", kind: "string", required: true, replaces: true },
];

/** How the container is reached and whom it asks for names. */
export const connectionProperties: readonly Property<ContainerBody, ContainerLive>[] = [
  {
    name: "networkMode",
    kind: "string",
    default: "bridge",
    replaces: true,
    toApi: (value, body) => {
      body.HostConfig.NetworkMode = asText(value);
    },
    // Docker says `default` for the bridge where an engine knows no other default.
    fromInspect: (live, given) => {
      const mode = live.HostConfig.NetworkMode ?? "";
      return mode === "default" && given === "bridge" ? given : settle(given, mode);
    },
  },
  // Connected after the creation, one by one; the bridge that the container is created on goes first.
  { name: "networksAdvanced", kind: "blockSet", replaces: true, fields: networkFields },
  {
    name: "ports",
    kind: "blocks",
    replaces: true,
    fields: portFields,
    same: isSamePorts,
    toApi: writePorts,
    fromInspect: readPorts,
  },
  {
    name: "publishAllPorts",
    kind: "boolean",
    replaces: true,
    toApi: (value, body) => {
      body.HostConfig.PublishAllPorts = value === true;
    },
    fromInspect: (live) => live.HostConfig.PublishAllPorts ?? false,
  },
  {
    name: "dns",
    kind: "stringSet",
    replaces: true,
    toApi: (value, body) => {
      body.HostConfig.Dns = asTexts(value);
    },
    fromInspect: (live, given) => settleSet(given, live.HostConfig.Dns as string[] | undefined),
  },
  {
    name: "dnsOpts",
    kind: "stringSet",
    replaces: true,
    toApi: (value, body) => {
      body.HostConfig.DnsOptions = asTexts(value);
    },
    fromInspect: (live, given) => settleSet(given, live.HostConfig.DnsOptions as string[] | undefined),
  },
  {
    name: "dnsSearches",
    kind: "stringSet",
    replaces: true,
    toApi: (value, body) => {
      body.HostConfig.DnsSearch = asTexts(value);
    },
    fromInspect: (live, given) => settleSet(given, live.HostConfig.DnsSearch),
  },
  {
    name: "hosts",
    kind: "blockSet",
    replaces: true,
    fields: hostFields,
    toApi: (value, body) => {
      body.HostConfig.ExtraHosts = asRecords(value).map(
        (entry) => `${asText(entry["host"])}:${asText(entry["ip"])}`,
      );
    },
    fromInspect: (live, given) => {
      const lines = (live.HostConfig.ExtraHosts ?? []) as string[];
      return settleBlocks(
        given,
        lines.map((line) => ({ host: line.split(":")[0] ?? "", ip: line.slice(line.indexOf(":") + 1) })),
      );
    },
  },
  {
    name: "logDriver",
    kind: "string",
    computed: true,
    replaces: true,
    toApi: (value, body) => {
      body.HostConfig.LogConfig = { Config: {}, ...body.HostConfig.LogConfig, Type: asText(value) };
    },
    fromInspect: (live, given) => settle(given, live.HostConfig.LogConfig?.Type ?? ""),
  },
  {
    name: "logOpts",
    kind: "map",
    replaces: true,
    toApi: (value, body) => {
      body.HostConfig.LogConfig = { Type: "", ...body.HostConfig.LogConfig, Config: asTextMap(value) };
    },
    // The daemon adds its own options where none is given.
    fromInspect: (live, given) =>
      isZero(given) ? given : settleMap(given, live.HostConfig.LogConfig?.Config as Record<string, string>),
  },
  { name: "bridge", kind: "string", isOutput: true, unset: "", replaces: false },
  {
    name: "networkDatas",
    kind: "blocks",
    isOutput: true,
    replaces: false,
    fromInspect: (live) => readNetworks(live),
  },
];

function writePorts(value: PropertyValue, body: ContainerBody): void {
  const ports = asRecords(value);
  const key = (port: PropertyMap): string => `${asNumber(port["internal"])}/${asText(port["protocol"])}`;
  body.ExposedPorts = Object.fromEntries(ports.map((port) => [key(port), {}]));
  const bindings: Record<string, { HostIp: string; HostPort: string }[]> = {};
  for (const port of ports) {
    const external = port["external"];
    (bindings[key(port)] ??= []).push({
      HostIp: asText(port["ip"]),
      HostPort: typeof external === "number" ? String(external) : "",
    });
  }
  body.HostConfig.PortBindings = bindings;
}

type Bindings = Readonly<Record<string, readonly { HostIp?: string; HostPort?: string }[] | null>>;

function flattenPorts(bindings: Bindings): PropertyMap[] {
  return Object.entries(bindings)
    .flatMap(([key, hosts]) =>
      (hosts ?? []).map((host) => ({
        external: Number(host.HostPort ?? 0),
        internal: Number(key.split("/")[0]),
        ip: host.HostIp ?? "",
        protocol: key.split("/")[1] ?? "tcp",
      })),
    )
    .toSorted((a, b) => a.internal - b.internal);
}

/**
 * A container that should run and doesn't publishes nothing, and says so, as with the official plugin: the next
 * update replaces it. While it runs, what it was created with counts: a port on an internal network is never
 * bound, and that is nobody's change.
 */
function readPorts(live: ContainerLive, given: PropertyValue, all: PropertyMap): PropertyValue {
  const ports = asRecords(given);
  if (ports.length === 0) return given;
  const mustRun = all["mustRun"] !== false && all["start"] !== false;
  if (!live.State.Running) return mustRun ? [] : given;
  const bound = flattenPorts(live.NetworkSettings.Ports);
  const created = flattenPorts((live.HostConfig.PortBindings ?? {}) as Bindings);
  const filled = ports.map((port): PropertyMap => {
    const match = bound.find((other) => isSamePort({ ...port, ...externalOf(other) }, other));
    return port["external"] === null && match !== undefined ? { ...port, ...externalOf(match) } : port;
  });
  const isKept =
    ports.length === created.length &&
    ports.every((port) => created.some((other) => isCreatedAs(port, other)));
  return isKept ? filled : bound;
}

function externalOf(port: PropertyMap): PropertyMap {
  return { external: asNumber(port["external"]) };
}

function isSamePort(a: PropertyMap, b: PropertyMap): boolean {
  return ["internal", "external", "ip", "protocol"].every(
    (name) => canonicalText(a[name]) === canonicalText(b[name]),
  );
}

/** Whether Docker was told `created` for `port`; an external port that was left open was told as none. */
function isCreatedAs(port: PropertyMap, created: PropertyMap): boolean {
  const isOpen = created["external"] === 0;
  return isSamePort(isOpen ? { ...port, external: 0 } : port, created);
}

/** The same ports in another order are no change. */
function isSamePorts(old: PropertyValue, next: PropertyValue): boolean {
  const before = asRecords(old);
  const after = asRecords(next);
  const matches = (a: PropertyMap, b: PropertyMap): boolean =>
    isSamePort(a, b["external"] === undefined ? { ...b, ...externalOf(a) } : b);
  return (
    before.length === after.length &&
    before.every((port) => after.some((other) => matches(port, other))) &&
    after.every((port) => before.some((other) => matches(other, port)))
  );
}

function readNetworks(live: ContainerLive): PropertyValue {
  return Object.entries(live.NetworkSettings.Networks)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([networkName, endpoint]) => ({
      gateway: endpoint.Gateway,
      globalIpv6Address: endpoint.GlobalIPv6Address,
      globalIpv6PrefixLength: endpoint.GlobalIPv6PrefixLen,
      ipAddress: endpoint.IPAddress,
      ipPrefixLength: endpoint.IPPrefixLen,
      ipv6Gateway: endpoint.IPv6Gateway,
      macAddress: endpoint.MacAddress,
      networkName,
    }));
}
