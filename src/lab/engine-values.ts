import type { DockerFacts } from "../../toolchain/docker/docker-facts.ts";
import type { SystemdCgroups } from "../model/lab-config.ts";

/** What the engine decides of a lab's configuration. */
export interface EngineValues {
  readonly systemd: SystemdCgroups;
  readonly securityOpts: readonly string[];
}

/** The engine from which the option `writable-cgroups` is known. */
const writableCgroupsSince = 28;

/** Whether the engine has the option `writable-cgroups`: from 28 on with cgroup v2, neither rootless nor with userns-remap. */
export function hasWritableCgroups(facts: DockerFacts): boolean {
  const major = Number.parseInt(facts.serverVersion, 10);
  return (
    major >= writableCgroupsSince && facts.cgroupVersion === "2" && !facts.rootless && !facts.usernsRemap
  );
}

/** How this engine gives systemd its cgroups, and which of the kernel's guards has to stand aside for it. */
export function engineValues(facts: DockerFacts): EngineValues {
  const systemd = hasWritableCgroups(facts) ? "writable-cgroups" : "entry";
  return {
    systemd,
    securityOpts: [
      // AppArmor's profile for containers refuses the entry's remount of the cgroup tree.
      ...(facts.apparmor && systemd === "entry" ? ["apparmor=unconfined"] : []),
      ...(facts.selinux ? ["label=disable"] : []),
    ],
  };
}
