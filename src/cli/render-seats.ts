import { styleText } from "node:util";
import type { SeatFault, SeatRecord } from "../seats/class-record.ts";
import type { SeatState, SeatStatus } from "../seats/class-status.ts";
import type { SeatReport } from "../seats/work-on-seats.ts";
import type { Text } from "../model/text.ts";
import type { Speak } from "./language.ts";
import { plainTable } from "./plain-table.ts";

/** As many details of a fault as are shown below a class: the rest is in the seat's own command. */
const shownDetails = 8;

const nextStep = { en: "Next", ja: "次の一手" } as const;

/** The faults of a class, each with its seat, details and hint. */
export function renderFaults(
  reports: readonly SeatReport<unknown>[],
  speak: Speak,
  isColoured: boolean,
): string {
  const paint = (style: "red" | "dim" | "bold", words: string): string =>
    isColoured ? styleText(style, words) : words;
  return reports
    .flatMap(({ id, name, fault }) => {
      if (fault === undefined) return [];
      const { text, code, details, hint } = fault;
      const words = details.map((detail) => (typeof detail === "string" ? detail : speak(detail)));
      return [
        `${paint("red", "✖")} ${id} ${name}: ${speak(text)} ${paint("dim", `[${code}]`)}`,
        ...words.slice(-shownDetails).map((detail) => `  ${paint("dim", detail)}`),
        ...(hint === undefined ? [] : [`  ${paint("bold", `${speak(nextStep)}:`)} ${speak(hint)}`]),
      ];
    })
    .join("\n");
}

/** A seat's fault for a program, as an error of the whole command looks. */
export function faultAsJson(fault: SeatFault | undefined): { error?: Record<string, unknown> } {
  if (fault === undefined) return {};
  const { code, text, details, hint } = fault;
  const shown = details.map((detail) => (typeof detail === "string" ? detail : detail.en));
  return { error: { code, message: text.en, hint: hint?.en, details: shown } };
}

/** What became of a seat, for a program. */
export function reportAsJson({ id, name, stack, outcome, tookMs, fault }: SeatReport<unknown>) {
  return { seat: id, name, stack, outcome, tookMs, ...faultAsJson(fault) };
}

/** Names seats that the roster has no more. */
export function renderRemoved(removed: readonly SeatRecord[], roster: string, speak: Speak): string {
  const seats = removed.map(({ id, name }) => `${id} ${name}`).join(", ");
  const ids = removed.map(({ id }) => `--seat ${id}`).join(" ");
  return speak({
    en: `Not in ${roster} any more, and left as they are: ${seats}. ./lab seats down ${roster} ${ids} takes them down.`,
    ja: `${roster} にない席はそのまま残しています: ${seats}。./lab seats down ${roster} ${ids} で撤去できます。`,
  });
}

const stateWords: Readonly<Record<SeatState, Text>> = {
  up: { en: "up", ja: "稼働中" },
  stopped: { en: "stopped", ja: "停止中" },
  failed: { en: "failed", ja: "失敗" },
  partial: { en: "half built", ja: "構築の途中" },
  none: { en: "not up", ja: "未構築" },
  unknown: { en: "unknown", ja: "不明" },
};

const headings: readonly Text[] = [
  { en: "seat", ja: "席" },
  { en: "name", ja: "氏名" },
  { en: "lab", ja: "ラボ" },
  { en: "stage", ja: "段階" },
  { en: "state", ja: "状態" },
];

const notInRoster: Text = { en: "not in the roster", ja: "名簿にない席" };

/** A class as it stands, for people. */
export function renderClassStatus(className: string, seats: readonly SeatStatus[], speak: Speak): string {
  const up = seats.filter(({ state }) => state === "up").length;
  const head = speak({
    en: `Class ${className}: ${up} of ${seats.length} seats are up.`,
    ja: `クラス${className}: ${seats.length}席のうち${up}席が立ち上がっています。`,
  });
  const hasEngines = seats.some(({ engine }) => engine !== undefined);
  const rows = seats.map(({ id, name, stack, stage, state, engine, fault, isInRoster }) => [
    id,
    name,
    stack,
    stage,
    [
      speak(stateWords[state]),
      ...(isInRoster ? [] : [speak(notInRoster)]),
      ...(fault === undefined ? [] : [`${speak(fault.text)} [${fault.code}]`]),
    ].join("  "),
    ...(hasEngines ? [engine ?? ""] : []),
  ]);
  const titles = [...headings.map(speak), ...(hasEngines ? [speak({ en: "engine", ja: "エンジン" })] : [])];
  return [head, "", plainTable([titles, ...rows])].join("\n");
}

/** The same for a program. */
export function statusAsJson({ id, fault, ...status }: SeatStatus) {
  return { seat: id, ...status, ...faultAsJson(fault) };
}
