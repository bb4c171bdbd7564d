import type { Text } from "../../model/text.ts";
import type { SeatStatus } from "../api.ts";
import { words } from "./words.ts";

/** What each status is called. */
export const statusWords: Readonly<Record<SeatStatus, Text>> = {
  passed: words.statusPassed,
  "not-yet": words.statusNotYet,
  wrong: words.statusWrong,
  unknown: words.statusUnknown,
  lost: words.statusLost,
};

/** The sign of each status; each differs from the others without its colour. */
export const statusSigns: Readonly<Record<SeatStatus, string>> = {
  passed: "✔",
  "not-yet": "·",
  wrong: "✖",
  unknown: "?",
  lost: "!",
};

/** From good to bad. */
const order: readonly SeatStatus[] = ["passed", "not-yet", "unknown", "wrong", "lost"];

/** The worst of some; `unknown` of none. */
export function worstOf(statuses: readonly SeatStatus[]): SeatStatus {
  return order.findLast((status) => statuses.includes(status)) ?? "unknown";
}
