import type { BoardSeat, BoardStatus, SeenSeat } from "../seats/board-seat.ts";
import type { Board } from "../seats/board.ts";
import type { Text } from "../model/text.ts";
import type { Speak } from "./language.ts";
import { checkColours, checkSigns, checkWords } from "./render-check.ts";

/** The sign of each status on the board; each differs from the others without its colour. */
export const boardSigns: Readonly<Record<BoardStatus, string>> = { ...checkSigns, lost: "!" };

/** The colour of each status on a terminal. */
export const boardColours = { ...checkColours, lost: "magenta" } as const;

/** What each status is called. */
export const boardWords: Readonly<Record<BoardStatus, Text>> = {
  ...checkWords,
  lost: { en: "lost", ja: "後戻り" },
};

/** The statuses in the order in which a legend explains them. */
export const boardStatuses: readonly BoardStatus[] = ["passed", "not-yet", "wrong", "unknown", "lost"];

/** Headings that the table, the CSV and the page share. */
export const headingWords = {
  seat: { en: "seat", ja: "席" },
  name: { en: "name", ja: "名前" },
  passed: { en: "done", ja: "合格" },
  current: { en: "now at", ja: "現在の手順" },
  lastProgress: { en: "last step", ja: "最後の合格" },
  stuck: { en: "no step for", ja: "進みなし" },
} as const satisfies Record<string, Text>;

const words = {
  foundation: { en: "foundation", ja: "土台" },
  finished: { en: "finished", ja: "完了" },
  notLookedAt: { en: "not looked at", ja: "調査不可" },
} as const satisfies Record<string, Text>;

/** How a board is to be put into words. */
export interface BoardLook {
  readonly speak: Speak;
  /** The clock that times are shown on; the machine's own unless given. */
  readonly timeZone?: string | undefined;
  /** Whether the students' names are left away, as where everybody sees the board. */
  readonly isNameless?: boolean;
}

/** From this long without progress a seat is worth a visit. */
const longStuckMs = 10 * 60_000;

/** Where a seat is: the step, or that it is through, or was not looked at. */
export function whereIs(seat: BoardSeat, speak: Speak): string {
  if (seat.state === "unseen") return speak(words.notLookedAt);
  return seat.current === undefined ? speak(words.finished) : stepName(seat.current, speak);
}

/** A step's number; the foundation has none. */
export function stepName(step: string, speak: Speak): string {
  return step === "foundation" ? speak(words.foundation) : step;
}

/** How long a seat has not got on, in minutes and hours; empty where that is no question. */
export function stuckFor(seat: BoardSeat, speak: Speak): string {
  if (seat.state === "unseen" || seat.stuckMs === undefined) return "";
  const minutes = Math.floor(seat.stuckMs / 60_000);
  if (minutes < 60) return speak({ en: `${minutes} min`, ja: `${minutes}分` });
  const rest = String(minutes % 60).padStart(2, "0");
  return speak({
    en: `${Math.floor(minutes / 60)} h ${rest} min`,
    ja: `${Math.floor(minutes / 60)}時間${rest}分`,
  });
}

/** Whether a seat has not got on for so long that somebody should go there. */
export function isLongStuck(seat: BoardSeat): boolean {
  return seat.state === "working" && (seat.stuckMs ?? 0) >= longStuckMs;
}

/** A time as people read it on the board: hours and minutes, with the day where it is not the look's own. */
export function clockTime(time: string | undefined, lookedAt: string, timeZone: string | undefined): string {
  if (time === undefined) return "";
  const day = dayOf(time, timeZone);
  const clock = formatted(time, timeZone, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  return day === dayOf(lookedAt, timeZone) ? clock : `${day.slice(5)} ${clock}`;
}

/** Day, hours, minutes and seconds. */
export function fullTime(time: string, timeZone: string | undefined): string {
  const clock = { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" } as const;
  return `${dayOf(time, timeZone)} ${formatted(time, timeZone, clock)}`;
}

function dayOf(time: string, timeZone: string | undefined): string {
  // Canada's English writes a day as ISO 8601 does.
  return new Intl.DateTimeFormat("en-CA", { timeZone, dateStyle: "short" }).format(new Date(time));
}

function formatted(time: string, timeZone: string | undefined, parts: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat("en-GB", { timeZone, ...parts }).format(new Date(time));
}

/** How many seats are through, at work, and could not be looked at. */
export function countSeats({ seats }: Board): Readonly<Record<BoardSeat["state"], number>> {
  const count = (state: BoardSeat["state"]): number => seats.filter((seat) => seat.state === state).length;
  return { done: count("done"), working: count("working"), unseen: count("unseen") };
}

/** The class in one sentence. */
export function summaryOf(board: Board, { speak, timeZone }: BoardLook): string {
  const { done, working, unseen } = countSeats(board);
  const time = clockTime(board.lookedAt, board.lookedAt, timeZone);
  const lesson = clockTime(board.lessonSince, board.lookedAt, timeZone);
  const seconds = (board.durationMs / 1000).toFixed(1);
  return speak({
    en: `${time}: ${done} finished, ${working} at work, ${unseen} not looked at (${seconds} s). Times are those of the looks; this lesson's first was at ${lesson}.`,
    ja: `${time}現在: 完了${done}、作業中${working}、調査不可${unseen}（${seconds}秒）。時刻は調べた時点のもので、この授業で最初に調べたのは${lesson}です。`,
  });
}

/** What of a seat is worth a line beside the table: hosts that began anew, steps that were lost. */
export function noticesOf(seat: SeenSeat, speak: Speak): readonly string[] {
  const lost = Object.entries(seat.steps).flatMap(([step, { status }]) => (status === "lost" ? [step] : []));
  const hosts = seat.begunAnew.join(", ");
  return [
    ...(hosts === ""
      ? []
      : [
          speak({
            en: `made anew since the look before: ${hosts}; what passed there counts no more`,
            ja: `前回調べた後に${hosts}が作り直されました。以前の合格は数えません`,
          }),
        ]),
    ...(lost.length === 0
      ? []
      : [
          speak({
            en: `passed before and not now: ${lost.join(" ")}`,
            ja: `以前は合格し、今は合格でない手順: ${lost.join(" ")}`,
          }),
        ]),
  ];
}
