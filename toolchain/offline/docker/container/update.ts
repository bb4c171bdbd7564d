import type Dockerode from "dockerode";
import type { PropertyMap, PropertyValue } from "../../provider/resource.ts";
import { refusal } from "../docker-answer.ts";
import { asNumber } from "../table/values.ts";
import { writeBody } from "../table/state.ts";
import type { ContainerBody } from "./body.ts";
import { containerTable } from "./table.ts";

/** What Docker can change on a container that exists. */
const changeable: readonly string[] = [
  "restart",
  "maxRetryCount",
  "cpuShares",
  "cpuSet",
  "cpuPeriod",
  "cpuQuota",
  "memory",
  "memoryReservation",
  "memorySwap",
];

/** Changes a container's limits and restart policy in place, where any of them is to change. */
export async function updateLimits(
  container: Dockerode.Container,
  name: string,
  state: PropertyMap,
  isChanged: (property: string) => boolean,
): Promise<void> {
  if (!changeable.some(isChanged)) return;
  const given: Record<string, PropertyValue> = {};
  for (const property of changeable) {
    const value = state[property] ?? null;
    if (value !== null || isChanged(property)) given[property] = value ?? 0;
  }
  const body: ContainerBody = { HostConfig: {} };
  const { HostConfig: limits } = writeBody(containerTable, given, body);
  // Docker refuses a memory limit above the swap limit, which it had set to twice the old one.
  if (isChanged("memory") && asNumber(state["memorySwap"]) === 0)
    limits.MemorySwap = (limits.Memory ?? 0) * 2;
  try {
    await container.update(limits);
  } catch (error) {
    throw refusal("OFFLINE_DOCKER_CONTAINER_UPDATE", `container ${name} can't be changed in place`, error);
  }
}
