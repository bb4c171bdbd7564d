import type { SeatsBenchResult, SeatsFigure, SeatsFit, SeatsSummary } from "../lab/bench/seats-result.ts";
import type { Text } from "../model/text.ts";
import { figureColumns, gibibytes, mebibytes, seconds } from "./figure-columns.ts";
import type { Speak } from "./language.ts";

/** A figure as it is shown: of the class as a whole, or of one seat of it. */
interface ShownFigure {
  readonly words: Text;
  readonly format: (value: number) => string;
  readonly isOfOneSeat?: boolean;
}

const plain = (value: number): string => value.toFixed(0);
const fewInstances = (value: number): string => value.toFixed(1);

/** In the order in which they are shown. */
const shownFigures: Readonly<Record<SeatsFigure, ShownFigure>> = {
  upSeconds: { words: { en: "./lab seats up", ja: "./lab seats up" }, format: seconds },
  mailSeconds: {
    words: {
      en: "the same until a mail crossed both ways in each",
      ja: "そこから全席でメールが双方向に届くまで",
    },
    format: seconds,
  },
  baselineSeconds: {
    words: { en: "a plain script, until sshd answers", ja: "単純なスクリプトで、sshdが応答するまで" },
    format: seconds,
  },
  baselineSmtpSeconds: {
    words: { en: "a plain script, until Postfix answers", ja: "単純なスクリプトで、Postfixが応答するまで" },
    format: seconds,
  },
  downSeconds: { words: { en: "./lab seats down", ja: "./lab seats down" }, format: seconds },
  baselineDownSeconds: {
    words: { en: "the plain script's removal", ja: "スクリプトの撤去" },
    format: seconds,
  },
  commandCpuSeconds: {
    words: { en: "processor time of the command, a seat", ja: "コマンドのCPU時間（1席）" },
    format: seconds,
    isOfOneSeat: true,
  },
  containerCpuSeconds: {
    words: { en: "– of the containers", ja: "– コンテナ" },
    format: seconds,
    isOfOneSeat: true,
  },
  machineCpuSeconds: {
    words: { en: "– of the whole machine", ja: "– マシン全体" },
    format: seconds,
    isOfOneSeat: true,
  },
  baselineContainerCpuSeconds: {
    words: { en: "– of the script's containers", ja: "– スクリプトのコンテナ" },
    format: seconds,
    isOfOneSeat: true,
  },
  baselineMachineCpuSeconds: {
    words: { en: "– of the whole machine, with the script", ja: "– マシン全体（スクリプトのとき）" },
    format: seconds,
    isOfOneSeat: true,
  },
  commandPeakBytes: {
    words: { en: "most memory of the command", ja: "コマンドのメモリー（最大）" },
    format: mebibytes,
  },
  memoryBytes: {
    words: { en: "memory of a seat's containers", ja: "1席のコンテナのメモリー" },
    format: mebibytes,
    isOfOneSeat: true,
  },
  baselineMemoryBytes: {
    words: { en: "– of the script's", ja: "– スクリプトのコンテナ" },
    format: mebibytes,
    isOfOneSeat: true,
  },
  machineMemoryBytes: {
    words: { en: "what the machine has less, a seat", ja: "マシンの空きメモリーの減り（1席）" },
    format: mebibytes,
    isOfOneSeat: true,
  },
  diskBytes: {
    words: { en: "disk of a seat", ja: "1席のディスク" },
    format: mebibytes,
    isOfOneSeat: true,
  },
  inotifyInstances: {
    words: { en: "inotify instances of user 0, a seat", ja: "1席のinotifyインスタンス（ユーザー0）" },
    format: fewInstances,
    isOfOneSeat: true,
  },
  containers: { words: { en: "containers", ja: "コンテナの数" }, format: plain },
  networks: { words: { en: "networks", ja: "ネットワークの数" }, format: plain },
};

const figureNames = Object.keys(shownFigures) as SeatsFigure[];

/** The figures of a class for people: a table for each number of seats and stage, then how they grow. */
export function renderSeatsBench(result: SeatsBenchResult, speak: Speak): string {
  const { machine, fits } = result;
  const limit =
    machine.inotifyLimit === undefined ? "" : `, fs.inotify.max_user_instances ${machine.inotifyLimit}`;
  return [
    ...result.measurements.flatMap((summary) => [...measurementLines(summary, speak), ""]),
    ...(fits.length === 0 ? [] : [...fitLines(fits, speak), ""]),
    speak({
      en: `${machine.cores} cores, ${gibibytes(machine.memoryBytes)}, kernel ${machine.kernel}, Docker Engine ${machine.engineVersion}, cgroup v${machine.cgroupVersion}${limit}, plugins: ${result.plugins}, load ${machine.loadAverage.toFixed(1)}`,
      ja: `${machine.cores}コア、${gibibytes(machine.memoryBytes)}、カーネル${machine.kernel}、Docker Engine ${machine.engineVersion}、cgroup v${machine.cgroupVersion}${limit}、プラグイン: ${result.plugins}、負荷 ${machine.loadAverage.toFixed(1)}`,
    }),
  ].join("\n");
}

function measurementLines({ seats, stage, runs, figures, ratios }: SeatsSummary, speak: Speak): string[] {
  const rows = figureNames.flatMap((name) => {
    const spread = figures[name];
    if (spread === undefined) return [];
    const { words, format, isOfOneSeat = false } = shownFigures[name];
    const values = [spread.min, spread.median, spread.max];
    return [[speak(words), ...values.map((value) => format(isOfOneSeat ? value / seats : value))]];
  });
  const heading = speak({ en: `${seats} seats, ${stage}`, ja: `${seats}席、${stage}` });
  const columnNames = [
    { en: "min", ja: "最小" },
    { en: "median", ja: "中央値" },
    { en: "max", ja: "最大" },
  ];
  const shownRatios = [
    { what: { en: "up, to sshd", ja: "立ち上げ（sshdまで）" }, ratio: ratios.up },
    { what: { en: "with the mails, to Postfix", ja: "メールまで（Postfixまで）" }, ratio: ratios.mail },
    { what: { en: "with the mails, to sshd", ja: "メールまで（sshdまで）" }, ratio: ratios.mailToSshd },
    { what: { en: "down", ja: "撤去" }, ratio: ratios.down },
  ];
  const inTimes = (word: "en" | "ja", separator: string): string =>
    shownRatios
      .flatMap(({ what, ratio }) => (ratio === undefined ? [] : `${what[word]} ${ratio.toFixed(2)}`))
      .join(separator);
  return [
    figureColumns([[heading, ...columnNames.map(speak)], ...rows]),
    speak({
      en: `Times the script's (medians of ${runs.length}): ${inTimes("en", ", ")}.`,
      ja: `スクリプトに対する比（${runs.length}回の中央値）: ${inTimes("ja", "、")}。`,
    }),
  ];
}

/** The lines through the medians, for all seats together: what the first one brings along, and each one adds. */
function fitLines(fits: readonly SeatsFit[], speak: Speak): string[] {
  const heading = { en: "Least squares over the numbers of seats", ja: "席の数に対する最小二乗法" };
  const rows = figureNames.flatMap((name) =>
    fits
      .filter(({ figure }) => figure === name)
      .map(({ stage, base, slope, rSquared }) => {
        const { words, format } = shownFigures[name];
        return [`${speak(words)} (${stage})`, format(base), format(slope), rSquared.toFixed(3)];
      }),
  );
  return [
    figureColumns([
      [
        speak(heading),
        speak({ en: "fixed", ja: "固定分" }),
        speak({ en: "a seat", ja: "1席ごと" }),
        speak({ en: "R²", ja: "R²" }),
      ],
      ...rows,
    ]),
  ];
}
