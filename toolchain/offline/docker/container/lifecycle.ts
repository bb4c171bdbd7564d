import type { PropertyValue } from "../../provider/resource.ts";
import type { Property } from "../table/property.ts";
import { settle } from "../table/settle.ts";
import { asNumber, asText } from "../table/values.ts";
import type { ContainerBody, ContainerLive } from "./body.ts";

const restartPolicies: readonly string[] = ["no", "on-failure", "always", "unless-stopped"];

/** Refuses `true` for what would make the plugin wait for the container's end. */
const isRefusedTrue = (value: PropertyValue): string | undefined =>
  value === true ? "= true is not in the offline plugin" : undefined;

function isNegative(value: PropertyValue): string | undefined {
  return asNumber(value) < 0 ? "must not be negative" : undefined;
}

/** When the container is started, waited for, restarted and removed. */
export const lifecycleProperties: readonly Property<ContainerBody, ContainerLive>[] = [
  { name: "start", kind: "boolean", default: true, replaces: false },
  { name: "wait", kind: "boolean", replaces: false, unset: false },
  { name: "waitTimeout", kind: "number", default: 60, replaces: false, problem: isNegative },
  { name: "attach", kind: "boolean", replaces: false, unset: false, problem: isRefusedTrue },
  { name: "logs", kind: "boolean", replaces: false, unset: false, problem: isRefusedTrue },
  {
    // A container found stopped shows as `false`, and the next update starts it.
    name: "mustRun",
    kind: "boolean",
    default: true,
    replaces: false,
    fromInspect: (live, given, all) => (live.State.Running || all["start"] === false ? given : false),
  },
  { name: "removeVolumes", kind: "boolean", default: true, replaces: false },
  { name: "destroyGraceSeconds", kind: "number", replaces: false, problem: isNegative },
  {
    // Kept for the official plugin's sake; a read here needs no waiting.
    name: "containerReadRefreshTimeoutMilliseconds",
    kind: "number",
    default: 15_000,
    replaces: false,
  },
  {
    name: "rm",
    kind: "boolean",
    replaces: false,
    toApi: (value, body) => {
      body.HostConfig.AutoRemove = value === true;
    },
    fromInspect: (live) => live.HostConfig.AutoRemove ?? false,
  },
  {
    name: "restart",
    kind: "string",
    default: "no",
    replaces: false,
    problem: (value) =>
      restartPolicies.includes(asText(value)) ? undefined : `must be one of ${restartPolicies.join(", ")}`,
    toApi: (value, body) => {
      body.HostConfig.RestartPolicy = { ...body.HostConfig.RestartPolicy, Name: asText(value) };
    },
    fromInspect: (live, given) => settle(given, live.HostConfig.RestartPolicy?.Name ?? "no"),
  },
  {
    name: "maxRetryCount",
    kind: "number",
    replaces: false,
    toApi: (value, body) => {
      const name = body.HostConfig.RestartPolicy?.Name ?? "on-failure";
      body.HostConfig.RestartPolicy = { Name: name, MaximumRetryCount: asNumber(value) };
    },
    fromInspect: (live) => live.HostConfig.RestartPolicy?.MaximumRetryCount ?? 0,
  },
  {
    name: "exitCode",
    kind: "number",
    isOutput: true,
    fromInspect: (live, given) => (live.State.Running ? given : live.State.ExitCode),
    replaces: false,
  },
  { name: "containerLogs", kind: "string", isOutput: true, unset: null, replaces: false },
];
