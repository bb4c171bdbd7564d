import type { Command } from "@commander-js/extra-typings";
import type { CommandLine } from "../../command-line.ts";
import { openClassBuildContext } from "../../session.ts";
import { endAs } from "./end-as.ts";
import { jobsOption, rosterArgument, rosterWords, seatOption } from "./seat-options.ts";

/** `./lab seats reset ROSTER`: new mail hosts for a class's labs; exit code 1 where a seat failed. */
export function addSeatsReset(line: CommandLine, group: Command): void {
  const { session } = line;
  const { speak } = session;
  line
    .command(
      "reset",
      {
        en: "replace the mail hosts of a class's labs; what is in them is lost",
        ja: "クラス全員のメールホストを作り直す（中身は失われる）",
      },
      group,
    )
    .argument(rosterArgument, rosterWords(speak))
    .addOption(seatOption(speak))
    .option(
      "--stage <stage>",
      speak({
        en: "the stage that they then stand at: exercise, finished, or a step such as 6.05",
        ja: "作り直した後の段階: exercise、finished、または6.05のような手順",
      }),
    )
    .addOption(jobsOption(speak))
    .option("--yes", speak({ en: "don't ask", ja: "確認せずに実行" }))
    .addOption(line.jsonOption())
    .action(async (file, { seat, stage, jobs, yes = false, json }) => {
      const { askToGoOn, requireAnswerable } = await import("../../ask.ts");
      const { requireStage } = await import("../../../lab/lifecycle/up-to-stage.ts");
      const { readRoster } = await import("../../../seats/read-roster.ts");
      const { chooseSeats } = await import("../../../seats/choose-seats.ts");
      const { stackOfSeat } = await import("../../../model/roster/roster.ts");
      const roster = await readRoster(file);
      const chosen = chooseSeats(roster.seats, seat, file);
      if (stage !== undefined) requireStage(stage);
      const words = [
        file,
        ...(seat ?? []).flatMap((id) => ["--seat", id]),
        ...(stage === undefined ? [] : ["--stage", stage]),
      ];
      requireAnswerable(yes, `./lab seats reset ${words.join(" ")} --yes`);
      if (!yes) {
        await askToGoOn(session, {
          lines: chosen.map(({ id, name }) => `${id}  ${name}`),
          question: {
            en: `Accounts, mail, queue and every file of these ${chosen.length} seats will be lost. Replace their mail hosts?`,
            ja: `これら${chosen.length}席のアカウント・メール・キュー・すべてのファイルが失われます。メールホストを作り直しますか？`,
          },
        });
      }
      const { resetSeats } = await import("../../../seats/reset-seats.ts");
      const { showSeats } = await import("../../live-seats.ts");
      const named = chosen.map(({ id, name }) => ({ id, name, stack: stackOfSeat(roster, { id }) }));
      const context = await openClassBuildContext(session, named[0]?.stack ?? roster.className);
      const view = showSeats(named, speak, session.signal);
      const seats = await resetSeats(context, {
        roster,
        watch: view.watch,
        ...(seat && { seats: seat }),
        ...(stage !== undefined && { stage }),
        ...(jobs !== undefined && { jobs }),
      }).finally(view.close);
      if (json) {
        const { reportAsJson } = await import("../../render-seats.ts");
        const withNodes = seats.map((report) => ({ ...reportAsJson(report), nodes: report.result }));
        line.printJson({ class: roster.className, seats: withNodes });
      } else {
        const done = seats.filter(({ outcome }) => outcome === "done").length;
        line.print(
          speak({
            en: `Class ${roster.className}: the mail hosts of ${done} of ${seats.length} seats are as new.`,
            ja: `クラス${roster.className}: ${seats.length}席のうち${done}席のメールホストを作り直しました。`,
          }),
        );
      }
      endAs(session, seats, {
        en: "the same command with --seat for each of them goes on",
        ja: "残りの席を --seat で指定して同じコマンドを実行してください",
      });
    });
}
