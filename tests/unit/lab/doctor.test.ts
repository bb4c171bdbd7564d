import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { raiseInotify } from "../../../src/lab/doctor/doctor.ts";
import type { DoctorFacts } from "../../../src/lab/doctor/doctor-facts.ts";
import { doctorChecks } from "../../../src/lab/doctor/doctor-checks.ts";
import { exitOf, judgeFacts } from "../../../src/lab/doctor/judge-facts.ts";
import { hasKernelPart, ownersIn } from "../../../src/lab/doctor/machine-facts.ts";
import type { DockerFacts } from "../../../toolchain/docker/docker-facts.ts";
import { gibibyte, machineWith } from "./good-machine.ts";

const goodEngine: DockerFacts = {
  id: "id",
  hostName: "classroom",
  serverVersion: "28.5.2",
  cgroupVersion: "2",
  apparmor: false,
  selinux: false,
  rootless: false,
  usernsRemap: false,
  architecture: "x86_64",
  operatingSystem: "Debian",
  cpus: 2,
  memoryBytes: 8 * gibibyte,
};

const goodFacts = machineWith(goodEngine);

function engineWith(changes: Partial<DockerFacts>) {
  return machineWith({ ...goodEngine, ...changes }).engine;
}

function findingOf(id: string, changes: Partial<DoctorFacts> = {}) {
  return judgeFacts({ ...goodFacts, ...changes }).find((finding) => finding.id === id);
}

function exitWith(changes: Partial<DoctorFacts>): number {
  return exitOf(judgeFacts({ ...goodFacts, ...changes }));
}

const eth0 = { en: "the interface eth0", ja: "インターフェース eth0" };
const idleLab = { owner: "0a", stack: "dev", objects: ["network dev-lan"], running: 0 };

describe("the doctor", () => {
  it("finds nothing wrong with a good machine, and looks at everything there", () => {
    const findings = judgeFacts(goodFacts);
    expect(findings.map(({ id }) => id)).toEqual(doctorChecks.map(({ id }) => id));
    expect(new Set(findings.map(({ level }) => level))).toEqual(new Set(["good"]));
    expect(findings.some(({ mend }) => mend !== undefined)).toBe(false);
    expect(exitOf(findings)).toBe(0);
  });

  it.each<[string, string, number, Partial<DoctorFacts>, string]>([
    [
      "engine",
      "bad",
      4,
      {
        engine: {
          kind: "silent",
          url: "unix:///x.sock",
          reason: { en: "no socket there", ja: "ソケットなし" },
        },
      },
      "./lab up",
    ],
    [
      "engine",
      "bad",
      4,
      { engine: { kind: "denied", url: "unix:///x.sock", user: "ann" } },
      "-aG docker ann",
    ],
    ["engine-version", "bad", 1, { engine: engineWith({ serverVersion: "20.9.1" }) }, "docker.io"],
    ["engine-version", "bad", 1, { engine: engineWith({ serverVersion: "19.03.15" }) }, "docker.io"],
    ["config", "bad", 1, { configFault: { en: "subnet: …", ja: "subnet: …" } }, "pulumi config set"],
    [
      "engine-values",
      "bad",
      1,
      { engine: engineWith({ serverVersion: "26.1.5" }), configured: { systemd: "writable-cgroups" } },
      "./lab down && ./lab up",
    ],
    [
      "engine-values",
      "bad",
      1,
      {
        engine: engineWith({ apparmor: true }),
        configured: { systemd: "entry", securityOpts: ["label=disable"] },
      },
      "pulumi config rm",
    ],
    [
      "engine-values",
      "bad",
      1,
      { engine: engineWith({ selinux: true }), configured: { securityOpts: [] } },
      "./lab down && ./lab up",
    ],
    ["rootless", "warning", 3, { engine: engineWith({ rootless: true }) }, "docker context use default"],
    ["rootless", "warning", 3, { engine: engineWith({ usernsRemap: true }) }, "docker context use default"],
    ["subnet", "bad", 1, { subnetHolders: [eth0], hasVxlan: false }, "modprobe vxlan"],
    ["vxlan", "warning", 3, { hasVxlan: false }, "modprobe vxlan"],
    ["nf-tables", "bad", 1, { hasNfTables: false }, "modprobe nf_tables"],
    ["memory", "warning", 3, { freeMemoryBytes: gibibyte / 4 }, "fewer than 1"],
    ["disk", "warning", 3, { disk: { path: "/", freeBytes: gibibyte } }, "docker image prune"],
    ["disk", "bad", 1, { disk: { path: "/", freeBytes: gibibyte / 4 } }, "docker image prune"],
    ["inotify", "bad", 1, { labsWanted: 10 }, "max_user_instances=8192"],
    ["inotify", "bad", 1, { labsRunning: 7 }, "max_user_instances=8192"],
    ["inotify", "bad", 1, { labsWanted: 1000 }, "max_user_instances=16384"],
    ["leftovers", "warning", 3, { strangers: [idleLab] }, "--orphans"],
  ])("says of %s that it is %s, with exit code %d: %o", (id, level, exit, changes, mend) => {
    const finding = findingOf(id, changes);
    expect(finding?.level).toBe(level);
    expect(finding?.mend?.en).toContain(mend);
    expect(finding?.mend?.ja).not.toBe("");
    expect(exitWith(changes)).toBe(exit);
  });

  it.each<[string, Partial<DoctorFacts>, string]>([
    ["cgroups", { engine: engineWith({}) }, "writable-cgroups"],
    ["cgroups", { engine: engineWith({ cgroupVersion: "1" }) }, "entry"],
    ["cgroups", { engine: engineWith({ serverVersion: "26.1.5" }) }, "entry"],
    ["cgroups", { engine: engineWith({ rootless: true }) }, "entry"],
    ["apparmor", { engine: engineWith({ apparmor: true, serverVersion: "26.1.5" }) }, "apparmor=unconfined"],
    ["apparmor", { engine: engineWith({ apparmor: true }), configured: { systemd: "entry" } }, "unconfined"],
    ["engine-values", {}, "up writes systemd=writable-cgroups, securityOpts=[]"],
    [
      "engine-values",
      {
        engine: engineWith({ selinux: true }),
        configured: { systemd: "entry", securityOpts: ["label=disable", "seccomp=x"] },
      },
      "systemd=entry, securityOpts=[label=disable]",
    ],
    ["selinux", { engine: engineWith({ selinux: true }) }, "label=disable"],
    ["engine-version", { engine: engineWith({ serverVersion: "20.10.24+dfsg1" }) }, "20.10.24"],
    ["subnet", { subnetHolders: [eth0] }, "held by the interface eth0"],
    ["ports", { takenPorts: [2212] }, "taken: 2212"],
    ["inotify", { labsRunning: 6 }, "128; 128 for 6 running and 1 more"],
    ["leftovers", { strangers: [{ ...idleLab, running: 3 }] }, "none"],
  ])("leaves %s to up and says what it will do: %o", (id, changes, words) => {
    expect(findingOf(id, changes)?.level).toBe("good");
    expect(findingOf(id, changes)?.found.en).toContain(words);
  });

  it("does not take what it can't see for good or bad", () => {
    const unseen = {
      hasVxlan: undefined,
      hasNfTables: undefined,
      disk: undefined,
      inotifyInstances: undefined,
      strangers: undefined,
    };
    for (const id of ["vxlan", "nf-tables", "disk", "inotify", "leftovers"]) {
      expect(findingOf(id, unseen)?.level).toBe("unknown");
    }
    expect(exitWith(unseen)).toBe(0);
  });
});

describe("raising the limit of inotify instances", () => {
  let folder: string;
  let file: string;
  const tooMany = judgeFacts({ ...goodFacts, labsWanted: 20 });

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "doctor-"));
    file = join(folder, "max_user_instances");
    await writeFile(file, "128\n");
  });

  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  it.runIf(process.getuid?.() === 0)("is done by root where it is too low", async () => {
    expect(await raiseInotify(tooMany, goodFacts, file)).toBe(true);
    expect(await readFile(file, "utf8")).toBe("8192\n");
  });

  it.each<[string, Partial<DoctorFacts>, ReturnType<typeof judgeFacts>]>([
    ["where it is enough", {}, judgeFacts(goodFacts)],
    ["for an engine elsewhere", { engine: { ...engineWith({}), isLocal: false } }, tooMany],
  ])("is not done %s", async (_where, changes, findings) => {
    expect(await raiseInotify(findings, { ...goodFacts, ...changes }, file)).toBe(false);
    expect(await readFile(file, "utf8")).toBe("128\n");
  });
});

describe("the traces of a kernel", () => {
  const nothing = { loaded: [], config: undefined, loadable: undefined };

  it.each([
    [true, { ...nothing, loaded: ["vxlan"] }],
    [true, { ...nothing, config: "CONFIG_VXLAN=y\n" }],
    [true, { ...nothing, loadable: "kernel/drivers/net/vxlan/vxlan.ko.xz: kernel/net/ipv4/udp_tunnel.ko\n" }],
    [false, { ...nothing, config: "# CONFIG_VXLAN is not set\n" }],
    [false, { ...nothing, config: "CONFIG_VXLAN=m\n", loadable: "kernel/other.ko: kernel/vxlan.ko\n" }],
    [undefined, { ...nothing, config: "CONFIG_VXLAN=m\n" }],
    [undefined, nothing],
  ])("say %s of vxlan: %o", (has, traces) => {
    expect(hasKernelPart(traces, "vxlan", "CONFIG_VXLAN")).toBe(has);
  });
});

describe("a state", () => {
  it("says by its labels whose the objects are", () => {
    const state = JSON.stringify(
      {
        outputs: {
          labels: [
            { label: "mail-lab.owner", value: "1d0294e56c23" },
            { label: "x", value: "0a" },
          ],
        },
      },
      undefined,
      4,
    );
    expect(ownersIn(state)).toEqual(["1d0294e56c23"]);
    expect(ownersIn("")).toEqual([]);
  });
});
