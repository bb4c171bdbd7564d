import { Eta } from "eta";
import { join } from "node:path";
import type { CheckResult } from "../checks/check.ts";
import type { Text } from "../model/text.ts";
import type { BoardCell, BoardSeat } from "../seats/board-seat.ts";
import type { Board } from "../seats/board.ts";
import {
  boardSigns,
  boardStatuses,
  boardWords,
  clockTime,
  headingWords,
  isLongStuck,
  noticesOf,
  stuckFor,
  summaryOf,
  whereIs,
  type BoardLook,
} from "./board-words.ts";

/** How the page is to look. */
export interface PageLook extends BoardLook {
  /** After how many seconds a browser loads it again; absent where nobody writes it again. */
  readonly refreshSeconds?: number | undefined;
}

const words = {
  title: { en: "mail-lab: the class", ja: "mail-lab: クラスの進み具合" },
  hideNames: { en: "hide names", ja: "名前を隠す" },
  showNames: { en: "show names", ja: "名前を表示" },
  observed: { en: "found", ja: "現在" },
  expected: { en: "wanted", ja: "必要" },
  where: { en: "where", ja: "場所" },
  hint: { en: "hint", ja: "ヒント" },
  language: { en: "en", ja: "ja" },
  note: {
    en: "A step passes when it passes on every host of the seat. Steps that a person does on a host that was reset begin anew.",
    ja: "手順は、その席のすべてのホストで合格すると合格になります。リセットしたホストの手順は、はじめから数え直します。",
  },
} as const satisfies Record<string, Text>;

const templates = new Eta({ views: join(import.meta.dirname, "templates"), cache: true });

/** A board as one HTML page that needs nothing else: no script, no picture, no font from elsewhere. */
export function pageOfBoard(board: Board, look: PageLook): string {
  const { speak, isNameless = false, refreshSeconds } = look;
  return templates.render("board", {
    language: speak(words.language),
    title: `${board.className} – ${speak(words.title)}`,
    className: board.className,
    summary: summaryOf(board, look),
    refreshSeconds,
    hasNames: !isNameless,
    // A browser does not load a page again whose address ends with a part of it.
    canHideNames: !isNameless && refreshSeconds === undefined,
    words: spoken({ ...headingWords, hideNames: words.hideNames, showNames: words.showNames }, look),
    steps: board.steps.map(({ id, title }) => ({
      label: id.split(".").at(-1) ?? id,
      title: `${id} ${speak(title)}`,
    })),
    rows: board.seats.map((seat) => rowOf(board, seat, look)),
    legend: boardStatuses.map((status) => ({
      status,
      sign: boardSigns[status],
      word: speak(boardWords[status]),
    })),
    note: speak(words.note),
  });
}

function spoken<Name extends string>(texts: Readonly<Record<Name, Text>>, { speak }: BoardLook) {
  return Object.fromEntries(Object.entries<Text>(texts).map(([name, text]) => [name, speak(text)]));
}

/** A row's own words; the template only puts them where they belong. */
function rowOf(board: Board, seat: BoardSeat, look: BoardLook) {
  const { speak, timeZone } = look;
  const isSeen = seat.state !== "unseen";
  const findings = isSeen
    ? [...noticesOf(seat, speak), ...seat.findings.map((finding) => findingText(finding, look))]
    : [];
  return {
    kind: isLongStuck(seat) ? `${seat.state} long-stuck` : seat.state,
    seat: seat.seat,
    name: seat.name,
    problem: isSeen ? undefined : problemText(seat.problem, look),
    cells: isSeen
      ? board.steps.map(({ id, title }) => cellOf(`${id} ${speak(title)}`, seat.steps[id], board, look))
      : [],
    where: whereIs(seat, speak),
    title: titleOf(board, seat, look),
    findings,
    tip: findings.join("\n\n"),
    lastProgress: clockTime(seat.lastProgressAt, board.lookedAt, timeZone),
    stuck: stuckFor(seat, speak),
  };
}

function titleOf({ steps }: Board, seat: BoardSeat, { speak }: BoardLook): string {
  const current = seat.state === "unseen" ? undefined : steps.find(({ id }) => id === seat.current);
  return current === undefined ? "" : speak(current.title);
}

function cellOf(title: string, cell: BoardCell | undefined, board: Board, { speak, timeZone }: BoardLook) {
  const status = cell?.status ?? "unknown";
  const passedAt = clockTime(cell?.passedAt, board.lookedAt, timeZone);
  const hosts = Object.entries(cell?.hosts ?? {}).map(([host, own]) => `${host}: ${speak(boardWords[own])}`);
  const head = `${title}: ${speak(boardWords[status])}${passedAt === "" ? "" : ` (${passedAt})`}`;
  return { status, sign: boardSigns[status], words: [head, ...hosts].join("\n") };
}

function findingText(finding: CheckResult, { speak }: BoardLook): string {
  const { host, id, title, observed, expected, where, hint } = finding;
  const rows: readonly (readonly [Text, string | undefined])[] = [
    [words.observed, observed && speak(observed)],
    [words.expected, expected && speak(expected)],
    [words.where, where],
    [words.hint, hint && speak(hint)],
  ];
  return [
    `${host} ${id} ${speak(title)}`,
    ...rows.flatMap(([name, text]) => (text === undefined || text === "" ? [] : [`${speak(name)}: ${text}`])),
  ].join("\n");
}

function problemText(
  { text, code, hint }: { readonly text: Text; readonly code: string; readonly hint?: Text | undefined },
  { speak }: BoardLook,
): string {
  return `${speak(text)} [${code}]${hint === undefined ? "" : ` → ${speak(hint)}`}`;
}
