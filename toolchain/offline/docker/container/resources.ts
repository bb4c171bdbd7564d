import type { PropertyValue } from "../../provider/resource.ts";
import type { Property } from "../table/property.ts";
import { settle } from "../table/settle.ts";
import { asNumber, asText } from "../table/values.ts";
import type { ContainerBody, ContainerLive } from "./body.ts";

/** Bytes of the unit that memory sizes are given in. */
const MEBIBYTE = 1024 * 1024;
const NANOCPUS_PER_CPU = 1_000_000_000;

/** The sentence about a size that can't be, for all but swap, where -1 means no limit. */
const isNegative = (value: PropertyValue): string | undefined =>
  asNumber(value) < 0 ? "must not be negative" : undefined;

function toBytes(value: PropertyValue | undefined): number {
  const size = asNumber(value);
  return size > 0 ? size * MEBIBYTE : size;
}

function toMebibytes(bytes: number | undefined): number {
  return bytes === undefined || bytes <= 0 ? (bytes ?? 0) : Math.floor(bytes / MEBIBYTE);
}

/** How much of the machine the container may use. */
export const resourceProperties: readonly Property<ContainerBody, ContainerLive>[] = [
  {
    name: "memory",
    kind: "number",
    replaces: false,
    problem: isNegative,
    toApi: (value, body) => {
      body.HostConfig.Memory = toBytes(value);
    },
    fromInspect: (live, given) => settle(given, toMebibytes(live.HostConfig.Memory)),
  },
  {
    name: "memoryReservation",
    kind: "number",
    replaces: false,
    problem: isNegative,
    toApi: (value, body) => {
      body.HostConfig.MemoryReservation = toBytes(value);
    },
    fromInspect: (live) => toMebibytes(live.HostConfig.MemoryReservation),
  },
  {
    name: "memorySwap",
    kind: "number",
    replaces: false,
    toApi: (value, body) => {
      body.HostConfig.MemorySwap = toBytes(value);
    },
    fromInspect: (live, given) => readMemorySwap(live, given),
  },
  {
    name: "shmSize",
    kind: "number",
    computed: true,
    replaces: true,
    problem: isNegative,
    toApi: (value, body) => {
      body.HostConfig.ShmSize = toBytes(value);
    },
    fromInspect: (live, given) => settle(given, toMebibytes(live.HostConfig.ShmSize)),
  },
  {
    name: "cpuShares",
    kind: "number",
    replaces: false,
    problem: isNegative,
    toApi: (value, body) => {
      body.HostConfig.CpuShares = asNumber(value);
    },
    fromInspect: (live, given) => settle(given, live.HostConfig.CpuShares ?? 0),
  },
  {
    name: "cpuSet",
    kind: "string",
    replaces: false,
    problem: (value) =>
      /^(?:\d+(?:[,-]\d+)*)?$/u.test(asText(value)) ? undefined : "must be numbers such as 0-1 or 0,2",
    toApi: (value, body) => {
      body.HostConfig.CpusetCpus = asText(value);
    },
    fromInspect: (live) => live.HostConfig.CpusetCpus ?? "",
  },
  {
    name: "cpus",
    kind: "string",
    replaces: true,
    problem: (value) => (Number(asText(value)) >= 0 ? undefined : "must be a number of CPUs such as 1.5"),
    toApi: (value, body) => {
      body.HostConfig.NanoCpus = Math.round(Number(asText(value)) * NANOCPUS_PER_CPU);
    },
    fromInspect: (live, given) => {
      const cpus = (live.HostConfig.NanoCpus ?? 0) / NANOCPUS_PER_CPU;
      return Number(asText(given)) === cpus ? given : String(cpus);
    },
  },
  {
    name: "cpuPeriod",
    kind: "number",
    replaces: false,
    problem: isNegative,
    toApi: (value, body) => {
      body.HostConfig.CpuPeriod = asNumber(value);
    },
  },
  {
    name: "cpuQuota",
    kind: "number",
    replaces: false,
    problem: isNegative,
    toApi: (value, body) => {
      body.HostConfig.CpuQuota = asNumber(value);
    },
  },
];

/** Docker sets twice the memory where no swap is given, and -1 where the kernel can't limit it: nobody's change. */
function readMemorySwap(live: ContainerLive, given: PropertyValue): PropertyValue {
  const { Memory: memory = 0, MemorySwap: swap = 0 } = live.HostConfig;
  if (swap === -1 || (given === null && (swap === 0 || swap === memory * 2))) return given;
  return settle(given, toMebibytes(swap));
}
