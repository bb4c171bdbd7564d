import { InvalidArgumentError, Option, type Command } from "@commander-js/extra-typings";
import { setTimeout as pause } from "node:timers/promises";
import type { Board, ClassBoard } from "../../../seats/board.ts";
import type { CommandLine } from "../../command-line.ts";
import { openClassContext } from "../../session.ts";
import { rosterArgument, rosterWords, seatOption } from "./seat-options.ts";

/** Between the beginnings of two looks: a class has its results within a third of it. */
const defaultSeconds = 30;
const mostSeconds = 3600;
/** Between the end of a look and the next one, however long it took: the hosts have other work. */
const restMs = 2000;
const clearScreen = "\u001B[H\u001B[2J";

/** `./lab seats check ROSTER`: how far each seat of a class has come, and who has not got on for how long. */
export function addSeatsCheck(line: CommandLine, group: Command): void {
  const { session } = line;
  const { speak } = session;
  line
    .command(
      "check",
      {
        en: "see how far each seat has come, and who is stuck",
        ja: "各席の進み具合と、止まっている席を調べる",
      },
      group,
    )
    .argument(rosterArgument, rosterWords(speak))
    .addOption(seatOption(speak))
    .option(
      "--html <file>",
      speak({ en: "write the board as a page too", ja: "一覧をHTMLのページとしても書き出す" }),
    )
    .option("--no-names", speak({ en: "leave the students' names away", ja: "名前を出さない" }))
    .addOption(
      new Option(
        "--csv",
        speak({ en: "print the board as CSV for a spreadsheet", ja: "一覧を表計算用のCSVで表示" }),
      ).conflicts(["json", "watch"]),
    )
    .option("--watch", speak({ en: "look again and again until Ctrl-C", ja: "Ctrl-Cまで繰り返し調べる" }))
    .addOption(everyOption(line).implies({ watch: true }))
    .addOption(line.jsonOption())
    .action(async (file, options) => {
      const { seat: wanted, html, names, watch = false, every, csv = false, json = false } = options;
      const { readRoster } = await import("../../../seats/read-roster.ts");
      const { chooseSeats } = await import("../../../seats/choose-seats.ts");
      // Before anything is looked for.
      const roster = await readRoster(file);
      chooseSeats(roster.seats, wanted, file);
      const { pageWriter } = await import("../../board-file.ts");
      const page = html === undefined ? undefined : await pageWriter(html);
      const { ClassBoard } = await import("../../../seats/board.ts");
      const { csvOfBoard } = await import("../../board-csv.ts");
      const { boardAsJson, exitOfBoard } = await import("../../board-json.ts");
      const { renderBoard, renderBoardChanges, renderBoardSeat } = await import("../../render-board.ts");
      const { fitRows } = await import("../../render-check.ts");
      const board = await ClassBoard.open(await openClassContext(session, roster.className), {
        roster,
        wanted,
      });
      const { stdout } = session;
      const look = { speak, isNameless: !names, isColoured: stdout.isTTY && stdout.hasColors() };
      const show = (found: Board): string => {
        const terminal = { ...look, columns: sizeOf(stdout.columns) };
        return found.seats.length === 1 ? renderBoardSeat(found, terminal) : renderBoard(found, terminal);
      };
      if (!watch) {
        const found = await board.look();
        await page?.(found, look);
        if (csv) stdout.write(csvOfBoard(found, look));
        else if (json) line.printJson(boardAsJson(found, look));
        else line.print(show(found));
        process.exitCode = exitOfBoard(found);
        return;
      }
      let before: Board | undefined;
      await watchBoard(board, { signal: session.signal, everyMs: every * 1000 }, async (found) => {
        await page?.(found, { ...look, refreshSeconds: every });
        if (json) line.print(JSON.stringify(boardAsJson(found, look)));
        else if (stdout.isTTY)
          line.print(`${clearScreen}${fitRows(show(found), (sizeOf(stdout.rows) ?? Infinity) - 1)}`);
        else for (const change of renderBoardChanges(found, before, look)) line.print(change);
        before = found;
      });
      // Nobody writes it anew any more.
      if (before !== undefined) await page?.(before, look);
    });
}

/** A terminal's size; one that does not know it says 0, and what is no terminal has none. */
function sizeOf(cells: number | undefined): number | undefined {
  return cells === 0 ? undefined : cells;
}

function everyOption(line: CommandLine) {
  const { speak } = line.session;
  return new Option("--every <seconds>", speak({ en: "with --watch: how often", ja: "--watchの間隔（秒）" }))
    .argParser((text: string): number => {
      const seconds = Number(text);
      if (Number.isInteger(seconds) && seconds >= 1 && seconds <= mostSeconds) return seconds;
      throw new InvalidArgumentError(`1 … ${mostSeconds}`);
    })
    .default(defaultSeconds);
}

/** Looks until the signal aborts, which is its good end. */
async function watchBoard(
  board: ClassBoard,
  { signal, everyMs }: { readonly signal: AbortSignal; readonly everyMs: number },
  onBoard: (board: Board) => Promise<void>,
): Promise<void> {
  try {
    for (;;) {
      const beganMs = Date.now();
      await onBoard(await board.look());
      await pause(Math.max(restMs, beganMs + everyMs - Date.now()), undefined, { signal });
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
