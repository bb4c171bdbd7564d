import { stripVTControlCharacters, styleText } from "node:util";
import type { BoardSeat, BoardStatus, SeenSeat } from "../seats/board-seat.ts";
import type { Board } from "../seats/board.ts";
import type { Text } from "../model/text.ts";
import {
  boardColours,
  boardSigns,
  boardStatuses,
  boardWords,
  clockTime,
  fullTime,
  headingWords,
  isLongStuck,
  noticesOf,
  stepName,
  stuckFor,
  summaryOf,
  whereIs,
  type BoardLook,
} from "./board-words.ts";
import { plainTable } from "./plain-table.ts";
import { renderFailure } from "./render-check.ts";
import { columnsOf, cutColumns, padColumns } from "./text-width.ts";

/** How a board is to look on a terminal. */
export interface TerminalLook extends BoardLook {
  /** Whether the terminal takes colours and the user wants them. */
  readonly isColoured: boolean;
  /** The terminal's width; absent where lines may have any. */
  readonly columns?: number | undefined;
}

/** Room for a name; what is longer is cut. */
const nameColumns = 16;
const signColumns = 3;

/** The kinds of a board's table, from the widest on: what a narrow terminal has no room for is left away. */
const layouts = [
  { hasNames: true, hasSteps: true, hasTimes: true },
  { hasNames: false, hasSteps: true, hasTimes: true },
  { hasNames: true, hasSteps: false, hasTimes: true },
  { hasNames: false, hasSteps: false, hasTimes: true },
  { hasNames: false, hasSteps: false, hasTimes: false },
] as const;

type Layout = (typeof layouts)[number];

/** A class for people: a table of seats and steps, what could not be looked at, what the signs mean, a sentence. */
export function renderBoard(board: Board, look: TerminalLook): string {
  const { speak } = look;
  const legend = boardStatuses
    .map((status) => `${paint(status, boardSigns[status], look)} ${speak(boardWords[status])}`)
    .join("   ");
  const remarks = board.seats.flatMap((seat) => remarksOf(seat, look));
  return [
    table(board, look),
    ...(remarks.length > 0 ? [remarks.join("\n")] : []),
    [legend, `${board.className}  ${summaryOf(board, look)}`].join("\n"),
  ].join("\n\n");
}

/** The same for one seat alone, with what is wrong at its current step. */
export function renderBoardSeat(board: Board, look: TerminalLook): string {
  const findings = board.seats.flatMap((seat) => (seat.state === "unseen" ? [] : seat.findings));
  return [...findings.map((finding) => renderFailure(finding, look)), renderBoard(board, look)].join("\n\n");
}

function table(board: Board, look: TerminalLook): string {
  const possible = layouts.filter(({ hasNames }) => !(hasNames && look.isNameless === true));
  const tables = possible.map((layout) => plainTable(rowsOf(board, layout, look)));
  const fits = (text: string): boolean => widthOf(text) <= (look.columns ?? Infinity);
  const chosen = tables.find(fits) ?? tables.at(-1) ?? "";
  return chosen
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}

function widthOf(text: string): number {
  const lines = stripVTControlCharacters(text).split("\n");
  return Math.max(...lines.map((line) => columnsOf(line.trimEnd())));
}

function rowsOf(
  board: Board,
  { hasNames, hasSteps, hasTimes }: Layout,
  look: TerminalLook,
): readonly string[][] {
  const { speak, timeZone } = look;
  const stepHeading = hasSteps
    ? board.steps
        .map(({ id }) => padColumns(id.split(".").at(-1) ?? id, signColumns))
        .join("")
        .trimEnd()
    : speak(headingWords.passed);
  const head = [
    speak(headingWords.seat),
    ...(hasNames ? [speak(headingWords.name)] : []),
    stepHeading,
    speak(headingWords.current),
    ...(hasTimes ? [speak(headingWords.lastProgress)] : []),
    speak(headingWords.stuck),
  ];
  return [
    head,
    ...board.seats.map((seat) => [
      seat.seat,
      ...(hasNames ? [cutColumns(seat.name, nameColumns)] : []),
      hasSteps ? signsOf(board, seat, look) : countOf(board, seat),
      // The reason stands in the steps' place.
      hasSteps && seat.state === "unseen" ? "" : whereIs(seat, speak),
      ...(hasTimes ? [clockTime(seat.lastProgressAt, board.lookedAt, timeZone)] : []),
      isLongStuck(seat) ? paintWord("yellow", stuckFor(seat, speak), look) : stuckFor(seat, speak),
    ]),
  ];
}

function signsOf(board: Board, seat: BoardSeat, look: TerminalLook): string {
  if (seat.state === "unseen") return `[${seat.problem.code}]`;
  const gap = " ".repeat(signColumns - 1);
  return board.steps
    .map(({ id }) => {
      const status = seat.steps[id]?.status ?? "unknown";
      return paint(status, boardSigns[status], look);
    })
    .join(gap);
}

function countOf(board: Board, seat: BoardSeat): string {
  return seat.state === "unseen" ? "-" : `${seat.passedCount}/${board.steps.length}`;
}

const nextWord: Text = { en: "Next", ja: "次の一手" };

function remarksOf(seat: BoardSeat, look: TerminalLook): readonly string[] {
  const { speak } = look;
  if (seat.state !== "unseen")
    return noticesOf(seat, speak).map((notice) => `${paint("lost", "!", look)} ${seat.seat}  ${notice}`);
  const { text, code, hint } = seat.problem;
  const sign = paint("unknown", "?", look);
  return [
    `${sign} ${seat.seat}  ${speak(text)} [${code}]`,
    ...(hint === undefined ? [] : [`    ${speak(nextWord)}: ${speak(hint)}`]),
  ];
}

function paint(status: BoardStatus, text: string, look: TerminalLook): string {
  return paintWord(boardColours[status], text, look);
}

function paintWord(
  colour: (typeof boardColours)[BoardStatus],
  text: string,
  { isColoured }: TerminalLook,
): string {
  return isColoured ? styleText(colour, text, { validateStream: false }) : text;
}

/** What has changed since the board before, a line each: for a place where nothing can be redrawn. */
export function renderBoardChanges(
  board: Board,
  before: Board | undefined,
  look: BoardLook,
): readonly string[] {
  const time = fullTime(board.lookedAt, look.timeZone).slice(-8);
  return board.seats
    .flatMap((seat) =>
      changesOf(
        board,
        seat,
        before?.seats.find((one) => one.seat === seat.seat),
        look,
      ),
    )
    .map((line) => `${time} ${line}`);
}

function changesOf(
  board: Board,
  seat: BoardSeat,
  before: BoardSeat | undefined,
  { speak, isNameless = false }: BoardLook,
): readonly string[] {
  const who = isNameless ? seat.seat : `${seat.seat} ${seat.name}`;
  if (seat.state === "unseen") {
    const { code, text } = seat.problem;
    const isKnown = before?.state === "unseen" && before.problem.code === code;
    return isKnown ? [] : [`? ${who}: ${speak(text)} [${code}]`];
  }
  const anew = noticesOf({ ...seat, steps: {} }, speak).map((notice) => `! ${who}: ${notice}`);
  if (before === undefined || before.state === "unseen")
    return [...anew, `  ${who}: ${countOf(board, seat)}, ${whereIs(seat, speak)}`];
  return [...anew, ...stepChanges(seat, before, who, speak)];
}

function stepChanges(seat: SeenSeat, before: SeenSeat, who: string, speak: BoardLook["speak"]) {
  return Object.entries(seat.steps).flatMap(([step, { status }]) =>
    before.steps[step]?.status === status
      ? []
      : [`${boardSigns[status]} ${who}: ${stepName(step, speak)} ${speak(boardWords[status])}`],
  );
}
