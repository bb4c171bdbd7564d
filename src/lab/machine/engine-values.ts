import type { DockerFacts } from "../../../toolchain/docker/docker-facts.ts";
import type { SystemdCgroups } from "../../model/lab-config.ts";
import { LabError, exitCode } from "../../model/lab-error.ts";

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

/**
 * How this engine gives systemd its cgroups, and which of the kernel's guards has to stand aside for it.
 *
 * @param wanted - how the user wants it, where the user decided.
 */
export function engineValues(facts: DockerFacts, wanted?: SystemdCgroups): EngineValues {
  const systemd = wanted ?? (hasWritableCgroups(facts) ? "writable-cgroups" : "entry");
  return {
    systemd,
    securityOpts: [
      // AppArmor's profile for containers refuses the entry's remount of the cgroup tree.
      ...(facts.apparmor && systemd === "entry" ? ["apparmor=unconfined"] : []),
      ...(facts.selinux ? ["label=disable"] : []),
    ],
  };
}

/**
 * Refuses a way to the cgroups that the engine hasn't: it would refuse each host in the middle of the build.
 *
 * @throws LabError `LAB_SYSTEMD_OPTION`.
 */
export function refuseUnfitSystemd(systemd: SystemdCgroups, facts: DockerFacts): void {
  if (systemd === "entry" || hasWritableCgroups(facts)) return;
  const engine = `${facts.serverVersion}, cgroup v${facts.cgroupVersion}`;
  throw new LabError(
    "LAB_SYSTEMD_OPTION",
    {
      en: `systemd: writable-cgroups needs Docker Engine ${writableCgroupsSince} or newer with cgroup v2, neither rootless nor with userns-remap; this one is ${engine}.`,
      ja: `systemd: writable-cgroups にはDocker Engine ${writableCgroupsSince}以降とcgroup v2が必要で、rootlessとuserns-remapでは使えません。このエンジンは${engine}です。`,
    },
    {
      hint: {
        en: "pulumi config rm systemd lets the lab choose what this engine can",
        ja: "pulumi config rm systemd とすると、このエンジンで使える方法をラボが選びます",
      },
      exit: exitCode.usage,
    },
  );
}
