import type { LabContext } from "../lab/lab-context.ts";
import { onEngine } from "../lab/reach/on-engine.ts";
import { stackOfSeat, type Roster } from "../model/roster/roster.ts";
import { ClassBoard, type Board } from "../seats/board.ts";
import { readSeatRecords } from "../seats/class-record.ts";
import { seatContext } from "../seats/seat-context.ts";

/** A class as a console shows it. */
export interface ConsoleClass {
  readonly className: string;
  readonly isNameless: boolean;
  readonly look: () => Promise<Board>;
  /** The context of a seat's lab by its stack's name; `undefined` where no seat has it. */
  readonly open: (stack: string) => Promise<LabContext | undefined>;
}

/**
 * Opens a class for a console.
 *
 * @param context - of any of the class's stacks.
 * @throws LabError `LAB_CLASS_RECORD`
 */
export async function openConsoleClass(
  context: LabContext,
  roster: Roster,
  { isNameless }: { readonly isNameless: boolean },
): Promise<ConsoleClass> {
  const board = await ClassBoard.open(context, { roster });
  return {
    className: roster.className,
    isNameless,
    look: () => board.look(),
    open: async (stack) => {
      const seat = roster.seats.find((one) => stackOfSeat(roster, one) === stack);
      if (seat === undefined) return undefined;
      const records = await readSeatRecords(context.paths, roster.className);
      const engine = records.find(({ id }) => id === seat.id)?.engine ?? seat.engine;
      return seatContext(await onEngine(context, engine), { stack });
    },
  };
}
