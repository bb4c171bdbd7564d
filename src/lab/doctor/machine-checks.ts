import { sameText, type Text } from "../../model/text.ts";
import { good, nothingToMend, unseen, type DoctorCheck, type Verdict } from "./doctor-check.ts";
import type { DoctorFacts } from "./doctor-facts.ts";

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

/** How many instances of inotify the labs that run and the wanted ones need. */
function inotifyNeeded({ labsRunning, labsWanted }: DoctorFacts): number {
  return (labsRunning + labsWanted) * inotifyPerLab + inotifyForOthers;
}

/** What the limit is to be raised to: enough for a class, or for what is wanted where that is more. */
export function inotifyGoal(facts: DoctorFacts): number {
  return Math.max(inotifyForClass, 2 ** Math.ceil(Math.log2(inotifyNeeded(facts))));
}

function mebibytes(bytes: number): string {
  return `${Math.floor(bytes / mebibyte)} MiB`;
}

function kernelPart(has: boolean | undefined): Verdict {
  if (has === undefined) return unseen;
  return has
    ? good({ en: "the kernel has it", ja: "カーネルにあります" })
    : { level: "bad", found: { en: "the kernel lacks it", ja: "カーネルにありません" } };
}

/** What is looked at of the machine, of the stack's configuration, and of what other labs have left. */
export const machineChecks: readonly DoctorCheck[] = [
  {
    id: "config",
    title: { en: "the stack's configuration", ja: "スタックの設定" },
    wanted: { en: "keeps the rules of every key", ja: "すべての項目が規則に合う" },
    mend: () => ({
      en: "pulumi config set KEY VALUE; Pulumi.yaml lists the keys",
      ja: "pulumi config set キー 値（キーの一覧はPulumi.yaml）",
    }),
    judge: ({ configFault }) =>
      configFault === undefined
        ? good({ en: "in order", ja: "問題なし" })
        : { level: "bad", found: configFault },
  },
  {
    id: "subnet",
    title: { en: "the lab's range", ja: "ラボのアドレス範囲" },
    wanted: { en: "free, or held inside the containers", ja: "空いているか、コンテナ内で持てる" },
    mend: () => sameText("sudo modprobe vxlan"),
    judge: ({ subnet, subnetHolders, hasVxlan }) => {
      if (subnetHolders.length === 0) return good({ en: `${subnet} is free`, ja: `${subnet} は空き` });
      const holders: Text = {
        en: subnetHolders.map(({ en }) => en).join(", "),
        ja: subnetHolders.map(({ ja }) => ja).join("、"),
      };
      if (hasVxlan !== false)
        return good({
          en: `held by ${holders.en}; up lets the containers hold the addresses`,
          ja: `使用中: ${holders.ja}（upはコンテナにアドレスを持たせます）`,
        });
      return {
        level: "bad",
        found: {
          en: `held by ${holders.en}, and there is no vxlan`,
          ja: `使用中: ${holders.ja}。vxlanもありません`,
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
      if (disk === undefined) return unseen;
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
      if (inotifyInstances === undefined) return unseen;
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
      if (strangers === undefined) return unseen;
      const idle = strangers.filter(({ running }) => running === 0);
      if (idle.length === 0) return good({ en: "none", ja: "なし" });
      const stacks = idle.map(({ stack, owner }) => `${stack} (${owner})`).join(", ");
      return { level: "warning", found: sameText(stacks) };
    },
  },
];
