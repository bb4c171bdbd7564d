import { sameText, type Text } from "../../model/text.ts";
import type { DoctorFacts, EngineFacts } from "./doctor-facts.ts";

/** `good`; `warning`: a lab may come up and something may not work; `bad`: `up` fails; `unknown`: can't be told. */
export type Level = "good" | "warning" | "bad" | "unknown";

/** What a check comes to. */
interface Verdict {
  readonly level: Level;
  readonly found: Text;
}

/** One thing that can go wrong before `up`: what is looked at, what it should be, what mends it. */
export interface DoctorCheck {
  readonly id: string;
  readonly title: Text;
  /** What is wanted. */
  readonly wanted: Text;
  /** The one command, or the one thing to do, that mends it. */
  readonly mend: (facts: DoctorFacts) => Text;
  /** `undefined` where there is nothing to be said, as of an engine that does not answer. */
  readonly judge: (facts: DoctorFacts) => Verdict | undefined;
}

/** inotify instances that one lab's systemds take, with room for others of the same user. */
const inotifyPerLab = 16;
const inotifyForOthers = 16;
/** Enough for a class. */
const inotifyForClass = 8192;
const mebibyte = 1024 * 1024;
const memoryPerLabBytes = 160 * mebibyte;
const memoryForBuildBytes = 256 * mebibyte;
const diskWantedBytes = 3 * 1024 * mebibyte;
const diskForRunningBytes = 512 * mebibyte;
const oldestEngine = [20, 10] as const;
const writableCgroupsSince = 28;

/** How many instances of inotify the labs that run and the wanted ones need. */
function inotifyNeeded({ labsRunning, labsWanted }: DoctorFacts): number {
  return (labsRunning + labsWanted) * inotifyPerLab + inotifyForOthers;
}

/** What the limit is to be raised to: enough for a class, or for what is wanted where that is more. */
export function inotifyGoal(facts: DoctorFacts): number {
  return Math.max(inotifyForClass, 2 ** Math.ceil(Math.log2(inotifyNeeded(facts))));
}

function good(found: Text): Verdict {
  return { level: "good", found };
}

/** A check of the engine's own facts, where it answers. */
function ofEngine(judge: (engine: Extract<EngineFacts, { kind: "answers" }>) => Verdict | undefined) {
  return ({ engine }: DoctorFacts) => (engine.kind === "answers" ? judge(engine) : undefined);
}

function mebibytes(bytes: number): string {
  return `${Math.floor(bytes / mebibyte)} MiB`;
}

function usesEntry(engine: Extract<EngineFacts, { kind: "answers" }>): boolean {
  const { serverVersion, cgroupVersion, rootless, usernsRemap } = engine.facts;
  const isNew = Number.parseInt(serverVersion, 10) >= writableCgroupsSince;
  return !(isNew && cgroupVersion === "2" && !rootless && !usernsRemap);
}

function kernelPart(has: boolean | undefined): Verdict {
  if (has === undefined)
    return {
      level: "unknown",
      found: { en: "can't be seen from here", ja: "ここからは分かりません" },
    };
  return has
    ? good({ en: "the kernel has it", ja: "カーネルにあります" })
    : { level: "bad", found: { en: "the kernel lacks it", ja: "カーネルにありません" } };
}

const nothingToMend = (): Text => ({ en: "nothing has to be done", ja: "対処は不要です" });

/** Everything that is looked at, in the order in which it is shown. */
export const doctorChecks: readonly DoctorCheck[] = [
  {
    id: "engine",
    title: { en: "Docker engine", ja: "Dockerエンジン" },
    wanted: { en: "answers", ja: "応答する" },
    mend: ({ engine }) =>
      engine.kind === "denied"
        ? sameText(`sudo usermod -aG docker ${engine.user} && newgrp docker`)
        : {
            en: "./lab up brings one on Debian and Ubuntu; elsewhere start Docker",
            ja: "DebianとUbuntuでは ./lab up が用意します。ほかではDockerを起動してください",
          },
    judge: ({ engine }) => {
      if (engine.kind === "answers") return good(sameText(`${engine.facts.serverVersion}, ${engine.url}`));
      if (engine.kind === "silent")
        return {
          level: "bad",
          found: { en: `${engine.url}: ${engine.reason.en}`, ja: `${engine.url}: ${engine.reason.ja}` },
        };
      return {
        level: "bad",
        found: {
          en: `${engine.url} refuses the user ${engine.user}`,
          ja: `${engine.url} はユーザー${engine.user}を拒否`,
        },
      };
    },
  },
  {
    id: "engine-version",
    title: { en: "engine's version", ja: "エンジンの版" },
    wanted: { en: "20.10 or newer", ja: "20.10以降" },
    mend: () => sameText("sudo apt-get install --only-upgrade docker.io"),
    judge: ofEngine(({ facts }) => {
      const [major = 0, minor = 0] = facts.serverVersion.split(".").map((part) => Number.parseInt(part, 10));
      const isOld = major < oldestEngine[0] || (major === oldestEngine[0] && minor < oldestEngine[1]);
      return { level: isOld ? "bad" : "good", found: sameText(facts.serverVersion) };
    }),
  },
  {
    id: "cgroups",
    title: { en: "systemd's cgroups", ja: "systemdのcgroup" },
    wanted: { en: "a tree that the hosts can write", ja: "ホストが書き込めるツリー" },
    mend: nothingToMend,
    judge: ofEngine((engine) => {
      const { cgroupVersion } = engine.facts;
      const how = usesEntry(engine) ? "entry" : "writable-cgroups";
      return good({
        en: `cgroup v${cgroupVersion}; up takes “${how}”`,
        ja: `cgroup v${cgroupVersion}（upは「${how}」を使います）`,
      });
    }),
  },
  {
    id: "apparmor",
    title: sameText("AppArmor"),
    wanted: { en: "lets the entry open its cgroups", ja: "起動時のcgroup操作を妨げない" },
    mend: nothingToMend,
    judge: ofEngine((engine) =>
      good(
        !engine.facts.apparmor
          ? { en: "not active", ja: "無効" }
          : usesEntry(engine)
            ? { en: "active; up sets apparmor=unconfined", ja: "有効（upがapparmor=unconfinedを設定）" }
            : { en: "active", ja: "有効" },
      ),
    ),
  },
  {
    id: "selinux",
    title: sameText("SELinux"),
    wanted: { en: "lets systemd run in a container", ja: "コンテナ内のsystemdを妨げない" },
    mend: nothingToMend,
    judge: ofEngine(({ facts }) =>
      good(
        facts.selinux
          ? { en: "active; up sets label=disable", ja: "有効（upがlabel=disableを設定）" }
          : { en: "not active", ja: "無効" },
      ),
    ),
  },
  {
    id: "rootless",
    title: { en: "rootless, userns-remap", ja: "rootlessとuserns-remap" },
    wanted: { en: "neither: the lab is not proven on them", ja: "どちらも無効（動作は未確認）" },
    mend: () => sameText("docker context use default"),
    judge: ofEngine(({ facts }) => {
      if (!facts.rootless && !facts.usernsRemap) return good({ en: "neither", ja: "どちらも無効" });
      return { level: "warning", found: sameText(facts.rootless ? "rootless" : "userns-remap") };
    }),
  },
  {
    id: "subnet",
    title: { en: "the lab's range", ja: "ラボのアドレス範囲" },
    wanted: { en: "free, or held inside the containers", ja: "空いているか、コンテナ内で持てる" },
    mend: () => sameText("sudo modprobe vxlan"),
    judge: ({ subnet, subnetHolders, hasVxlan }) => {
      if (subnetHolders.length === 0) return good({ en: `${subnet} is free`, ja: `${subnet} は空き` });
      const holders = subnetHolders.join(", ");
      if (hasVxlan !== false)
        return good({
          en: `held by ${holders}; up lets the containers hold the addresses`,
          ja: `使用中: ${holders}（upはコンテナにアドレスを持たせます）`,
        });
      return {
        level: "bad",
        found: {
          en: `held by ${holders}, and there is no vxlan`,
          ja: `使用中: ${holders}。vxlanもありません`,
        },
      };
    },
  },
  {
    id: "vxlan",
    title: sameText("vxlan"),
    wanted: { en: "for a second lab with the same addresses", ja: "同じアドレスの2つ目のラボに必要" },
    mend: () => sameText("sudo modprobe vxlan"),
    judge: ({ hasVxlan }) => {
      const verdict = kernelPart(hasVxlan);
      return verdict.level === "bad" ? { ...verdict, level: "warning" } : verdict;
    },
  },
  {
    id: "nf-tables",
    title: sameText("nf_tables"),
    wanted: { en: "for the guard that keeps mail inside", ja: "メールを外へ出さない仕組みに必要" },
    mend: () => sameText("sudo modprobe nf_tables"),
    judge: ({ hasNfTables }) => kernelPart(hasNfTables),
  },
  {
    id: "ports",
    title: { en: "ports on 127.0.0.1", ja: "127.0.0.1のポート" },
    wanted: { en: "free, or others are taken", ja: "空き（なければ別の番号）" },
    mend: nothingToMend,
    judge: ({ takenPorts }) =>
      good(
        takenPorts.length === 0
          ? { en: "the usual ones are free", ja: "いつもの番号は空き" }
          : {
              en: `taken: ${takenPorts.join(" ")}; up takes others`,
              ja: `使用中: ${takenPorts.join(" ")}（upは別の番号を使います）`,
            },
      ),
  },
  {
    id: "memory",
    title: { en: "free memory", ja: "空きメモリ" },
    wanted: {
      en: `${mebibytes(memoryPerLabBytes)} a lab, ${mebibytes(memoryForBuildBytes)} to build`,
      ja: `1ラボ${mebibytes(memoryPerLabBytes)}、構築に${mebibytes(memoryForBuildBytes)}`,
    },
    mend: ({ labsWanted }) => ({
      en: `end other programs, or build fewer than ${labsWanted} labs`,
      ja: `ほかのプログラムを終えるか、ラボを${labsWanted}より減らす`,
    }),
    judge: ({ freeMemoryBytes, labsWanted }) => ({
      level: freeMemoryBytes < labsWanted * memoryPerLabBytes + memoryForBuildBytes ? "warning" : "good",
      found: sameText(mebibytes(freeMemoryBytes)),
    }),
  },
  {
    id: "disk",
    title: { en: "free disk", ja: "空きディスク" },
    wanted: {
      en: `${mebibytes(diskWantedBytes)} to build the images`,
      ja: `構築に${mebibytes(diskWantedBytes)}`,
    },
    mend: () => sameText("docker image prune"),
    judge: ({ disk }) => {
      if (disk === undefined) return kernelPart(undefined);
      const { freeBytes, path } = disk;
      const level =
        freeBytes < diskForRunningBytes ? "bad" : freeBytes < diskWantedBytes ? "warning" : "good";
      return { level, found: sameText(`${mebibytes(freeBytes)} (${path})`) };
    },
  },
  {
    id: "inotify",
    title: sameText("fs.inotify.max_user_instances"),
    wanted: {
      en: `${inotifyPerLab} a lab and ${inotifyForOthers} for others`,
      ja: `1ラボ${inotifyPerLab}＋その他${inotifyForOthers}`,
    },
    mend: (facts) => sameText(`sudo sysctl -w fs.inotify.max_user_instances=${inotifyGoal(facts)}`),
    judge: (facts) => {
      const { inotifyInstances, labsRunning, labsWanted } = facts;
      if (inotifyInstances === undefined) return kernelPart(undefined);
      const needed = inotifyNeeded(facts);
      return {
        level: inotifyInstances < needed ? "bad" : "good",
        found: {
          en: `${inotifyInstances}; ${needed} for ${labsRunning} running and ${labsWanted} more`,
          ja: `${inotifyInstances}（稼働中${labsRunning}＋追加${labsWanted}で${needed}必要）`,
        },
      };
    },
  },
  {
    id: "leftovers",
    title: { en: "leftovers of other labs", ja: "ほかのラボの残り" },
    wanted: { en: "none that nobody runs", ja: "使われていないものがない" },
    mend: () => ({
      en: "./lab doctor --orphans lists them; the clone that made them removes them by ./lab down",
      ja: "./lab doctor --orphans で一覧。作ったクローンの ./lab down で消せます",
    }),
    judge: ({ strangers, engine }) => {
      if (engine.kind !== "answers") return undefined;
      if (strangers === undefined) return kernelPart(undefined);
      const idle = strangers.filter(({ running }) => running === 0);
      if (idle.length === 0) return good({ en: "none", ja: "なし" });
      const stacks = idle.map(({ stack, owner }) => `${stack} (${owner})`).join(", ");
      return { level: "warning", found: sameText(stacks) };
    },
  },
];
