import { exitCode } from "../model/lab-error.ts";
import type { BoardSeat } from "../seats/board-seat.ts";
import type { Board } from "../seats/board.ts";
import { countSeats, type BoardLook } from "./board-words.ts";
import { faultAsJson } from "./render-seats.ts";

/** A board for a program: what a seat could not be looked at for has the form of every error. */
export function boardAsJson(board: Board, { isNameless = false }: Pick<BoardLook, "isNameless">) {
  const { className, seats, ...rest } = board;
  return {
    class: className,
    ...rest,
    counts: countSeats(board),
    seats: seats.map((seat) => seatAsJson(isNameless ? { ...seat, name: "" } : seat)),
  };
}

function seatAsJson(seat: BoardSeat) {
  if (seat.state !== "unseen") return seat;
  const { problem, ...rest } = seat;
  return { ...rest, ...faultAsJson(problem) };
}

/** What a look at a class ends with, after `check`: the worst of its seats. */
export function exitOfBoard(board: Board): number {
  const { working, unseen } = countSeats(board);
  if (unseen > 0) return exitCode.unreachable;
  return working > 0 ? exitCode.checkFailed : exitCode.good;
}
