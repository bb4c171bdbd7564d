import type { DoctorFacts } from "../../../src/lab/doctor/doctor-facts.ts";
import type { DockerFacts } from "../../../toolchain/docker/docker-facts.ts";

export const gibibyte = 1024 ** 3;

/** A machine on which nothing is wrong but what its engine says. */
export function machineWith(
  facts: DockerFacts,
): DoctorFacts & { readonly engine: { readonly kind: "answers" } } {
  return {
    engine: { kind: "answers", url: "unix:///var/run/docker.sock", facts, isLocal: true },
    configFault: undefined,
    configured: {},
    labsWanted: 1,
    labsRunning: 0,
    subnet: "192.168.1.0/24",
    subnetHolders: [],
    takenPorts: [],
    freeMemoryBytes: 4 * gibibyte,
    disk: { path: "/", freeBytes: 20 * gibibyte },
    inotifyInstances: 128,
    hasVxlan: true,
    hasNfTables: true,
    strangers: [],
  };
}
