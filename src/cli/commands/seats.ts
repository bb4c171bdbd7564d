import type { CommandLine } from "../command-line.ts";
import { addSeatsCheck } from "./seats/check.ts";
import { addSeatsDown } from "./seats/down.ts";
import { addSeatsHandout } from "./seats/handout.ts";
import { addSeatsReset } from "./seats/reset.ts";
import { addSeatsSave } from "./seats/save.ts";
import { addSeatsStatus } from "./seats/status.ts";
import { addSeatsUp } from "./seats/up.ts";

/** `./lab seats …`: a lab for every student of a roster; a file a command of the group. */
export function addSeats(line: CommandLine): void {
  const seats = line.group("seats", {
    en: "a lab for every student of a roster",
    ja: "名簿の全員にラボを1つずつ用意する",
  });
  for (const add of [
    addSeatsUp,
    addSeatsStatus,
    addSeatsHandout,
    addSeatsCheck,
    addSeatsReset,
    addSeatsSave,
    addSeatsDown,
  ])
    add(line, seats);
}
