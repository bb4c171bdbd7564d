import type { Command } from "@commander-js/extra-typings";
import type { CommandLine } from "../../command-line.ts";
import { openClassContext } from "../../session.ts";
import { endAs } from "./end-as.ts";
import { jobsOption, rosterArgument, rosterWords, seatOption } from "./seat-options.ts";

/** `./lab seats down ROSTER`: takes the labs of a class down and forgets them; exit code 1 where a seat stayed. */
export function addSeatsDown(line: CommandLine, group: Command): void {
  const { session } = line;
  const { speak } = session;
  line
    .command(
      "down",
      {
        en: "take the labs of a class down and forget them",
        ja: "クラス全員のラボを撤去し、設定も消す",
      },
      group,
    )
    .argument(rosterArgument, rosterWords(speak))
    .addOption(seatOption(speak))
    .addOption(jobsOption(speak))
    .addOption(line.jsonOption())
    .action(async (file, { seat, jobs, json }) => {
      const { readRosterOrRecord } = await import("../../../seats/roster-or-record.ts");
      const { labPaths } = await import("../../../lab/lab-paths.ts");
      const { roster, className, known } = await readRosterOrRecord(labPaths("dev"), file);
      const { chooseSeats } = await import("../../../seats/choose-seats.ts");
      const chosen = chooseSeats(known, seat, className);
      const { downSeats } = await import("../../../seats/down-seats.ts");
      const { showSeats } = await import("../../live-seats.ts");
      const context = await openClassContext(session, chosen[0]?.stack ?? "dev");
      const view = showSeats(chosen, speak, session.signal);
      const { seats } = await downSeats(context, {
        className,
        roster,
        watch: view.watch,
        ...(seat && { seats: seat }),
        ...(jobs !== undefined && { jobs }),
      }).finally(view.close);
      const done = seats.filter(({ outcome }) => outcome === "done").length;
      if (json) {
        const { reportAsJson } = await import("../../render-seats.ts");
        line.printJson({ class: className, seats: seats.map(reportAsJson) });
      } else {
        line.print(
          speak(
            seats.length === 0
              ? {
                  en: `Class ${className}: there is nothing to take down.`,
                  ja: `クラス${className}: 撤去するものはありません。`,
                }
              : {
                  en: `Class ${className}: ${done} of ${seats.length} seats are down.`,
                  ja: `クラス${className}: ${seats.length}席のうち${done}席を撤去しました。`,
                },
          ),
        );
      }
      endAs(session, seats, {
        en: `./lab seats down ${file} goes on from here`,
        ja: `./lab seats down ${file} で続きから行えます`,
      });
    });
}
