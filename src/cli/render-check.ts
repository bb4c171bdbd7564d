import { styleText } from "node:util";
import type { CheckResult, CheckStatus } from "../checks/check.ts";
import type { CheckReport } from "../lab/chapter/check.ts";
import type { Text } from "../model/text.ts";
import type { Speak } from "./language.ts";
import { columnsOf, padColumns } from "./text-width.ts";

/** The sign of each status. */
export const checkSigns: Readonly<Record<CheckStatus, string>> = {
  passed: "✔",
  "not-yet": "·",
  unknown: "?",
  wrong: "✖",
};

/** The colour of each status. */
export const checkColours = { passed: "green", "not-yet": "dim", unknown: "yellow", wrong: "red" } as const;

/** What each status is called. */
export const checkWords: Readonly<Record<CheckStatus, Text>> = {
  passed: { en: "passed", ja: "合格" },
  "not-yet": { en: "not yet", ja: "まだ" },
  unknown: { en: "unknown", ja: "不明" },
  wrong: { en: "wrong", ja: "誤り" },
};

const words = {
  observed: { en: "found", ja: "現在" },
  expected: { en: "wanted", ja: "必要" },
  where: { en: "where", ja: "場所" },
  hint: { en: "hint", ja: "ヒント" },
  because: { en: "because of", ja: "原因" },
  note: { en: "works, and differs from the book", ja: "動作しますが、教科書と異なります" },
  allPassed: { en: "All passed.", ja: "すべて合格です。" },
} as const satisfies Record<string, Text>;

/** How a report is to look. */
export interface CheckLook {
  readonly speak: Speak;
  /** Whether signs and headings have colours. */
  readonly isColoured: boolean;
}

/** A report for people: a table of steps and hosts, then only what is not right, and what differs from the book. */
export function renderCheck(report: CheckReport, look: CheckLook): string {
  const hosts = [...new Set(report.results.map(({ host }) => host))];
  const failing = report.results.filter(({ status }) => status !== "passed");
  // The consequences of another line are in the table; here they would hide what is to be mended.
  const own = failing.filter(({ cause }) => cause !== "step-before" && cause !== "blocked");
  const shown = firstNotYet(own);
  const notes = report.results.filter(({ note }) => note !== undefined);
  const parts = [
    table(report, hosts, look),
    ...shown.map((result) => renderFailure(result, look)),
    ...notes.map((result) => noteLine(result, look)),
    summary(report, look),
  ];
  return parts.join("\n\n");
}

/** All that is wrong, and of what is only not done yet the first step's: the rest comes in its turn. */
function firstNotYet(results: readonly CheckResult[]): readonly CheckResult[] {
  const next = new Map<string, string>();
  for (const { host, step, status } of results) {
    if (status === "not-yet" && !next.has(host)) next.set(host, step);
  }
  return results.filter(({ host, step, status }) => status !== "not-yet" || next.get(host) === step);
}

const cellColumns = 12;
const gapColumns = 2;

function table(report: CheckReport, hosts: readonly string[], { speak, isColoured }: CheckLook): string {
  const rows = [...new Map(report.steps.map((step) => [step.step, step])).values()].map((step) => ({
    step: step.step,
    title: `${step.step === "foundation" ? "" : `${step.step} `}${speak(step.title)}`,
  }));
  const titleColumns = Math.max(...rows.map(({ title }) => columnsOf(title))) + gapColumns;
  const cellOf = (host: string, step: string): string => {
    const status = report.steps.find((one) => one.host === host && one.step === step)?.status;
    if (status === undefined) return "";
    const text = padColumns(`${checkSigns[status]} ${speak(checkWords[status])}`, cellColumns);
    return paint(text, checkColours[status], isColoured);
  };
  const head = padColumns("", titleColumns) + hosts.map((host) => padColumns(host, cellColumns)).join("");
  return [
    paint(head.trimEnd(), "bold", isColoured),
    ...rows.map(({ step, title }) =>
      `${padColumns(title, titleColumns)}${hosts.map((host) => cellOf(host, step)).join("")}`.trimEnd(),
    ),
  ].join("\n");
}

/** A failed check with what was found, wanted, where, and a hint. */
export function renderFailure(result: CheckResult, { speak, isColoured }: CheckLook): string {
  const { host, id, status, title, cause = "" } = result;
  const head = `${checkSigns[status]} ${host} ${id}  ${speak(title)}`;
  const rows: readonly (readonly [Text, string])[] = [
    [words.observed, result.observed === undefined ? "" : speak(result.observed)],
    [words.expected, result.expected === undefined ? "" : speak(result.expected)],
    [words.where, result.where ?? ""],
    [words.hint, result.hint === undefined ? "" : speak(result.hint)],
  ];
  const width = 8;
  return [
    `${paint(head, checkColours[status], isColoured)}  ${paint(`[${cause}]`, "dim", isColoured)}`,
    ...rows
      .filter(([, text]) => text !== "")
      .map(
        ([name, text]) =>
          `    ${padColumns(speak(name), width)}${text.replaceAll("\n", `\n    ${" ".repeat(width)}`)}`,
      ),
  ].join("\n");
}

function noteLine({ host, id, note }: CheckResult, { speak, isColoured }: CheckLook): string {
  if (note === undefined) return "";
  return `${paint("✔", "green", isColoured)} ${host} ${id}  ${paint(`(${speak(words.note)})`, "dim", isColoured)}\n    ${speak(note)}`;
}

function summary(report: CheckReport, { speak }: CheckLook): string {
  const count = (status: CheckStatus): number =>
    report.results.filter((result) => result.status === status).length;
  const counts = (["passed", "not-yet", "wrong", "unknown"] as const)
    .filter((status) => status === "passed" || count(status) > 0)
    .map((status) => `${count(status)} ${speak(checkWords[status])}`);
  const line = `${counts.join(speak({ en: ", ", ja: "、" }))} (${(report.durationMs / 1000).toFixed(1)} s)`;
  return report.status === "passed" ? `${speak(words.allPassed)} ${line}` : line;
}

/** Cuts a text to a screen's rows: what is drawn anew has to begin at its top. */
export function fitRows(text: string, rows: number): string {
  const lines = text.split("\n");
  return lines.length <= rows ? text : [...lines.slice(0, rows - 1), "…"].join("\n");
}

/** What has changed since the report before, a line a check: for a place where nothing can be redrawn. */
export function renderChanges(
  report: CheckReport,
  before: CheckReport | undefined,
  { speak }: CheckLook,
): readonly string[] {
  const time = report.startedAt.slice(11, 19);
  return report.results.flatMap(({ host, id, status, title, cause }) => {
    const old = before?.results.find((one) => one.host === host && one.id === id);
    if (old?.status === status && old.cause === cause) return [];
    const reason = cause === undefined ? "" : ` [${cause}]`;
    return [
      `${time} ${checkSigns[status]} ${host} ${id} ${speak(title)}: ${speak(checkWords[status])}${reason}`,
    ];
  });
}

function paint(
  text: string,
  style: "green" | "dim" | "yellow" | "red" | "bold",
  isColoured: boolean,
): string {
  return isColoured ? styleText(style, text) : text;
}
