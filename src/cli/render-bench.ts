import type { BenchResult } from "../lab/bench/bench-result.ts";
import type { Spread } from "../lab/bench/figures.ts";
import type { Text } from "../model/text.ts";
import { figureColumns, gibibytes, mebibytes, seconds } from "./figure-columns.ts";
import type { Speak } from "./language.ts";

const figureWords = {
  lab: { en: "./lab up until a mail crossed both ways", ja: "./lab upからメールが双方向に届くまで" },
  baseline: { en: "the same by a plain shell script", ja: "同じことを単純なシェルスクリプトで" },
  unchangedUp: { en: "./lab up with nothing to do", ja: "変更のない./lab up" },
  down: { en: "./lab down", ja: "./lab down" },
  memory: { en: "memory of the running lab", ja: "動いているラボのメモリー" },
  labMails: { en: "mails, host1 to host2", ja: "host1からhost2へのメール" },
  baselineMails: { en: "the same on the script's hosts", ja: "同じメールをスクリプトのホストで" },
} as const satisfies Record<string, Text>;

/** The figures for people: a line each with its smallest, median and largest value, and what they depend on. */
export function renderBench(result: BenchResult, speak: Speak): string {
  const { machine, mails, runs } = result;
  const row = (what: Text, spread: Spread, format: (value: number) => string): string[] => [
    speak(what),
    ...[spread.min, spread.median, spread.max].map(format),
  ];
  const rows = [
    [
      "",
      speak({ en: "min", ja: "最小" }),
      speak({ en: "median", ja: "中央値" }),
      speak({ en: "max", ja: "最大" }),
    ],
    row(figureWords.lab, result.lab, seconds),
    row(figureWords.baseline, result.baseline, seconds),
    row(figureWords.unchangedUp, result.unchangedUp, seconds),
    row(figureWords.down, result.down, seconds),
    row(figureWords.memory, result.memoryBytes, mebibytes),
    ...(mails === undefined
      ? []
      : [
          row(figureWords.labMails, mails.labPerSecond, perSecond),
          row(figureWords.baselineMails, mails.baselinePerSecond, perSecond),
        ]),
  ];
  return [
    figureColumns(rows),
    "",
    speak({
      en: `The lab takes ${result.ratio.toFixed(2)} times the script's time (medians of ${runs.length}).`,
      ja: `ラボの所要時間はスクリプトの${result.ratio.toFixed(2)}倍です（${runs.length}回の中央値の比）。`,
    }),
    ...(mails === undefined
      ? []
      : [
          speak({
            en: `Of ${mails.sent} mails a flood ${mails.lost} were lost, ${mails.doubled} doubled; the lab's rate is ${mails.ratio.toFixed(2)} times the script's.`,
            ja: `1回${mails.sent}通のうち、紛失${mails.lost}通、重複${mails.doubled}通。配送速度はスクリプトの${mails.ratio.toFixed(2)}倍です。`,
          }),
        ]),
    speak({
      en: `${machine.cores} cores, ${gibibytes(machine.memoryBytes)}, kernel ${machine.kernel}, Docker Engine ${machine.engineVersion}, cgroup v${machine.cgroupVersion}, addresses: ${result.addressing.join(", ")}, plugins: ${result.plugins}, load ${machine.loadAverage.toFixed(1)}`,
      ja: `${machine.cores}コア、${gibibytes(machine.memoryBytes)}、カーネル${machine.kernel}、Docker Engine ${machine.engineVersion}、cgroup v${machine.cgroupVersion}、アドレス: ${result.addressing.join("、")}、プラグイン: ${result.plugins}、負荷 ${machine.loadAverage.toFixed(1)}`,
    }),
  ].join("\n");
}

function perSecond(value: number): string {
  return `${value.toFixed(1)}/s`;
}
