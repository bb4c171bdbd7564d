import type { Command } from "@commander-js/extra-typings";
import type { CommandLine } from "../../command-line.ts";
import { openClassContext } from "../../session.ts";
import { endAs } from "./end-as.ts";
import { jobsOption, rosterArgument, rosterWords, seatOption } from "./seat-options.ts";

/** `./lab seats save ROSTER NAME`: saves the labs of a class as they stand; exit code 1 where a seat failed. */
export function addSeatsSave(line: CommandLine, group: Command): void {
  const { session } = line;
  const { speak } = session;
  line
    .command(
      "save",
      { en: "save the labs of a class as they stand", ja: "クラス全員のラボを今のまま保存する" },
      group,
    )
    .argument(rosterArgument, rosterWords(speak))
    .argument(
      "<name>",
      speak({
        en: "the first part of each save's name; the lab's name follows",
        ja: "保存名の前半（後ろにラボの名前が付きます）",
      }),
    )
    .addOption(seatOption(speak))
    .addOption(jobsOption(speak))
    .option(
      "--replace",
      speak({ en: "saves of these names may be replaced", ja: "同じ名前の保存への上書きを認める" }),
    )
    .addOption(line.jsonOption())
    .action(async (file, name, { seat, jobs, replace, json }) => {
      const { readRoster } = await import("../../../seats/read-roster.ts");
      const { chooseSeats } = await import("../../../seats/choose-seats.ts");
      const { stackOfSeat } = await import("../../../model/roster/roster.ts");
      const roster = await readRoster(file);
      const chosen = chooseSeats(roster.seats, seat, file);
      const { saveSeats } = await import("../../../seats/save-seats.ts");
      const { showSeats } = await import("../../live-seats.ts");
      const named = chosen.map(({ id, name: student }) => ({
        id,
        name: student,
        stack: stackOfSeat(roster, { id }),
      }));
      const context = await openClassContext(session, named[0]?.stack ?? roster.className);
      const view = showSeats(named, speak, session.signal);
      const seats = await saveSeats(context, {
        roster,
        name,
        mayReplace: replace === true,
        watch: view.watch,
        ...(seat && { seats: seat }),
        ...(jobs !== undefined && { jobs }),
      }).finally(view.close);
      if (json) {
        const { reportAsJson } = await import("../../render-seats.ts");
        const withSaves = seats.map((report) => ({ ...reportAsJson(report), save: report.result?.name }));
        line.printJson({ class: roster.className, seats: withSaves });
      } else {
        for (const { id, name: student, result } of seats) {
          if (result !== undefined) line.print([id, student, result.name].join("  "));
        }
      }
      endAs(session, seats, {
        en: "the same command with --seat for each of them goes on",
        ja: "残りの席を --seat で指定して同じコマンドを実行してください",
      });
    });
}
