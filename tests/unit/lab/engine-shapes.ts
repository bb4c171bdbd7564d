import type { EngineValues } from "../../../src/lab/machine/engine-values.ts";

/** What an engine's `GET /info` says of what decides a lab's configuration, and what that is. */
export interface EngineShape {
  readonly name: string;
  readonly info: Readonly<Record<string, unknown>>;
  readonly values: EngineValues;
  /** Ids of the doctor's findings that are no `good`, with their level. */
  readonly complaints: Readonly<Record<string, string>>;
}

const seccomp = "name=seccomp,profile=builtin";
const own = "name=cgroupns";

/** The answers as the engines give them, cut down to the fields that are read. */
export const engineShapes: readonly EngineShape[] = [
  {
    // Recorded.
    name: "Debian 12's own engine on cgroup v1",
    info: {
      ServerVersion: "20.10.24+dfsg1",
      CgroupVersion: "1",
      SecurityOptions: ["name=seccomp,profile=default"],
      OperatingSystem: "Debian GNU/Linux 12 (bookworm)",
    },
    values: { systemd: "entry", securityOpts: [] },
    complaints: {},
  },
  {
    name: "Ubuntu 24.04 with AppArmor and an engine that has no writable cgroups yet",
    info: {
      ServerVersion: "27.5.1",
      CgroupVersion: "2",
      SecurityOptions: ["name=apparmor", seccomp, own],
      OperatingSystem: "Ubuntu 24.04.1 LTS",
    },
    values: { systemd: "entry", securityOpts: ["apparmor=unconfined"] },
    complaints: {},
  },
  {
    name: "Ubuntu 24.04 with AppArmor and Engine 28",
    info: {
      ServerVersion: "28.5.2",
      CgroupVersion: "2",
      SecurityOptions: ["name=apparmor", seccomp, own],
      OperatingSystem: "Ubuntu 24.04.1 LTS",
    },
    values: { systemd: "writable-cgroups", securityOpts: [] },
    complaints: {},
  },
  {
    name: "Fedora with SELinux for its containers",
    info: {
      ServerVersion: "28.4.0",
      CgroupVersion: "2",
      SecurityOptions: [seccomp, "name=selinux", own],
      OperatingSystem: "Fedora Linux 42 (Server Edition)",
    },
    values: { systemd: "writable-cgroups", securityOpts: ["label=disable"] },
    complaints: {},
  },
  {
    name: "a rootless engine",
    info: {
      ServerVersion: "28.5.2",
      CgroupVersion: "2",
      SecurityOptions: [seccomp, "name=rootless", own],
    },
    values: { systemd: "entry", securityOpts: [] },
    complaints: { rootless: "warning" },
  },
  {
    name: "an engine that remaps user ids, with AppArmor",
    info: {
      ServerVersion: "28.5.2",
      CgroupVersion: "2",
      SecurityOptions: ["name=apparmor", seccomp, "name=userns", own],
    },
    values: { systemd: "entry", securityOpts: ["apparmor=unconfined"] },
    complaints: { rootless: "warning" },
  },
  {
    name: "an engine too old, which does not say which cgroups it has",
    info: { ServerVersion: "19.03.15", SecurityOptions: null },
    values: { systemd: "entry", securityOpts: [] },
    complaints: { "engine-version": "bad" },
  },
];
