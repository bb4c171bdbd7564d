import { stringify } from "csv-stringify/sync";
import type { Board } from "../seats/board.ts";
import { boardWords, fullTime, headingWords, whereIs, type BoardLook } from "./board-words.ts";

const msPerMinute = 60_000;

/**
 * A board as a sheet for spreadsheets (RFC 4180): a row a seat. It begins with a byte order mark, by which Excel knows
 * UTF-8, and a name that a spreadsheet would take for a formula has an apostrophe before it.
 */
export function csvOfBoard(board: Board, { speak, timeZone, isNameless = false }: BoardLook): string {
  const head = [
    speak(headingWords.seat),
    ...(isNameless ? [] : [speak(headingWords.name)]),
    speak(headingWords.passed),
    speak(headingWords.current),
    speak(headingWords.lastProgress),
    speak({ en: "no step for (minutes)", ja: "進みなし（分）" }),
    ...board.steps.map(({ id }) => id),
    speak({ en: "remark", ja: "備考" }),
  ];
  const rows = board.seats.map((seat) => {
    const isSeen = seat.state !== "unseen";
    const { stuckMs } = isSeen ? seat : {};
    return [
      seat.seat,
      ...(isNameless ? [] : [seat.name]),
      isSeen ? String(seat.passedCount) : "",
      whereIs(seat, speak),
      seat.lastProgressAt === undefined ? "" : fullTime(seat.lastProgressAt, timeZone),
      stuckMs === undefined ? "" : String(Math.floor(stuckMs / msPerMinute)),
      ...board.steps.map(({ id }) => (isSeen ? speak(boardWords[seat.steps[id]?.status ?? "unknown"]) : "")),
      isSeen ? "" : `${speak(seat.problem.text)} [${seat.problem.code}]`,
    ];
  });
  return stringify([head, ...rows], { bom: true, escape_formulas: true, record_delimiter: "windows" });
}
