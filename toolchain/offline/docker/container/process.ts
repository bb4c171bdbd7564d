import type { PropertyValue } from "../../provider/resource.ts";
import { labelFields, labelMap } from "../table/labels.ts";
import type { Field, Property } from "../table/property.ts";
import { settle } from "../table/settle.ts";
import { asNumber, asText, asTexts, isRecord, isZero } from "../table/values.ts";
import type { ContainerBody, ContainerLive } from "./body.ts";
import { canonicalDuration, durationProblem, formatDuration, parseDuration } from "./duration.ts";

/** `same` for a property whose `""` leaves it to the image. */
const isLeftEmpty = (_old: PropertyValue, next: PropertyValue): boolean => next === "";

const duration = {
  kind: "string",
  default: "0s",
  replaces: true,
  canonical: canonicalDuration,
  problem: durationProblem,
} as const;

const healthcheckFields: readonly Field[] = [
  { name: "tests", kind: "strings", replaces: true },
  { name: "interval", ...duration },
  { name: "timeout", ...duration },
  { name: "startPeriod", ...duration },
  { name: "startInterval", ...duration },
  { name: "retries", kind: "number", replaces: true, unset: 0 },
];

/** What runs in the container: its image, command, environment and health check. */
export const processProperties: readonly Property<ContainerBody, ContainerLive>[] = [
  {
    name: "name",
    kind: "string",
    isAutoNamed: true,
    replaces: true,
    toApi: (value, body) => {
      body.name = asText(value);
    },
    fromInspect: (live, given) => settle(given, live.Name.replace(/^\//u, "")),
  },
  {
    name: "image",
    kind: "string",
    required: true,
    replaces: true,
    toApi: (value, body) => {
      body.Image = asText(value);
    },
    fromInspect: (live, given) => (asText(given).startsWith("sha256:") ? live.Image : live.Config.Image),
  },
  {
    name: "hostname",
    kind: "string",
    computed: true,
    replaces: true,
    toApi: (value, body) => {
      body.Hostname = asText(value);
    },
    fromInspect: (live, given) => settle(given, live.Config.Hostname),
  },
  {
    name: "domainname",
    kind: "string",
    replaces: true,
    toApi: (value, body) => {
      body.Domainname = asText(value);
    },
    fromInspect: (live, given) => settle(given, live.Config.Domainname),
  },
  {
    name: "command",
    kind: "strings",
    computed: true,
    replaces: true,
    problem: (value) => (asTexts(value).includes("") ? "must have no empty word" : undefined),
    toApi: (value, body) => {
      if (!isZero(value)) body.Cmd = asTexts(value);
    },
    // An empty list leaves the command to the image.
    fromInspect: (live, given) =>
      Array.isArray(given) && isZero(given) ? given : settle(given, live.Config.Cmd),
  },
  {
    name: "entrypoints",
    kind: "strings",
    computed: true,
    replaces: true,
    toApi: (value, body) => {
      if (!isZero(value)) body.Entrypoint = asTexts(value);
    },
    fromInspect: (live, given) =>
      Array.isArray(given) && isZero(given) ? given : settle(given, [live.Config.Entrypoint ?? []].flat()),
  },
  {
    name: "user",
    kind: "string",
    replaces: true,
    same: isLeftEmpty,
    toApi: (value, body) => {
      body.User = asText(value);
    },
    fromInspect: (live, given) => (given === "" ? given : settle(given, live.Config.User)),
  },
  {
    name: "workingDir",
    kind: "string",
    replaces: true,
    same: isLeftEmpty,
    toApi: (value, body) => {
      body.WorkingDir = asText(value);
    },
    fromInspect: (live, given) => (given === "" ? given : settle(given, live.Config.WorkingDir)),
  },
  {
    // Docker mixes the image's own into it, so it is never read back; nothing can change it either.
    name: "envs",
    kind: "stringSet",
    computed: true,
    replaces: true,
    toApi: (value, body) => {
      body.Env = asTexts(value);
    },
  },
  {
    name: "labels",
    kind: "blockSet",
    computed: true,
    replaces: true,
    fields: labelFields,
    toApi: (value, body) => {
      body.Labels = labelMap(value);
    },
  },
  {
    name: "tty",
    kind: "boolean",
    replaces: true,
    toApi: (value, body) => {
      body.Tty = value === true;
    },
    fromInspect: (live) => live.Config.Tty,
  },
  {
    name: "stdinOpen",
    kind: "boolean",
    replaces: true,
    toApi: (value, body) => {
      body.OpenStdin = value === true;
    },
    fromInspect: (live) => live.Config.OpenStdin,
  },
  {
    name: "stopSignal",
    kind: "string",
    computed: true,
    replaces: true,
    toApi: (value, body) => {
      body.StopSignal = asText(value);
    },
    fromInspect: (live, given) => settle(given, live.Config.StopSignal ?? ""),
  },
  {
    name: "stopTimeout",
    kind: "number",
    computed: true,
    replaces: true,
    toApi: (value, body) => {
      body.StopTimeout = asNumber(value);
    },
    fromInspect: (live, given) => settle(given, live.Config.StopTimeout ?? null),
  },
  {
    // Docker can't change a container's check. The official plugin plans an update and then does nothing.
    name: "healthcheck",
    kind: "block",
    computed: true,
    replaces: true,
    fields: healthcheckFields,
    toApi: (value, body) => {
      if (!isRecord(value)) return;
      body.Healthcheck = {
        Test: asTexts(value["tests"]),
        Interval: parseDuration(asText(value["interval"])),
        Timeout: parseDuration(asText(value["timeout"])),
        StartPeriod: parseDuration(asText(value["startPeriod"])),
        Retries: asNumber(value["retries"]),
      };
      // Engines before 25 don't know the interval of the start period.
      const startInterval = parseDuration(asText(value["startInterval"]));
      if (startInterval !== 0) body.Healthcheck.StartInterval = startInterval;
    },
    fromInspect: (live, given) => readHealthcheck(live, given),
  },
];

function readHealthcheck(live: ContainerLive, given: PropertyValue): PropertyValue {
  const found = live.Config.Healthcheck;
  if (found === undefined) return given;
  const said = isRecord(given) ? given : {};
  const spell = (name: string, nanoseconds: number | undefined): string => {
    const text = asText(said[name]);
    return text !== "" && parseDuration(text) === (nanoseconds ?? 0)
      ? text
      : formatDuration(nanoseconds ?? 0);
  };
  return {
    tests: found.Test ?? [],
    interval: spell("interval", found.Interval),
    timeout: spell("timeout", found.Timeout),
    startPeriod: spell("startPeriod", found.StartPeriod),
    startInterval: spell("startInterval", found.StartInterval),
    retries: found.Retries ?? 0,
  };
}
