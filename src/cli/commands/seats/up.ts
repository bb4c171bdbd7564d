import { relative } from "node:path";
import { Option, type Command } from "@commander-js/extra-typings";
import type { Roster } from "../../../model/roster/roster.ts";
import type { Language } from "../../../model/text.ts";
import type { ClassUp } from "../../../seats/up-seats.ts";
import type { CommandLine } from "../../command-line.ts";
import { openClassBuildContext } from "../../session.ts";
import { endAs } from "./end-as.ts";
import { jobsOption, rosterArgument, rosterWords, seatOption } from "./seat-options.ts";

/** `./lab seats up ROSTER`: builds the labs of a class; exit code 1 where a seat failed. */
export function addSeatsUp(line: CommandLine, group: Command): void {
  const { session } = line;
  const { speak } = session;
  line
    .command(
      "up",
      {
        en: "build the labs of a class, or go on with them",
        ja: "クラス全員のラボを組み立てる・続きから行う",
      },
      group,
    )
    .argument(rosterArgument, rosterWords(speak))
    .addOption(seatOption(speak))
    .option(
      "--listen <address>",
      speak({
        en: "publish ssh, and nothing of mail, on this address of the machine too (0.0.0.0: on all)",
        ja: "sshだけを、このマシンのこのアドレスにも公開する（0.0.0.0ならすべてのアドレス）",
      }),
    )
    .addOption(
      new Option(
        "--engine <engine>",
        speak({
          en: "place seats that are nowhere yet on this engine too, by its room; may be given again (default: this machine's)",
          ja: "まだどこにもない席を、空きに応じてこのエンジンにも割り当てる（複数回指定できます。defaultはこのマシン）",
        }),
      ).argParser((engine: string, before: readonly string[] | undefined): readonly string[] => [
        ...(before ?? []),
        engine,
      ]),
    )
    .option(
      "--move",
      speak({
        en: "build seats anew on another engine where theirs can't be reached; what was in them is lost",
        ja: "エンジンに接続できない席を別のエンジンに作り直す（中身は失われます）",
      }),
    )
    .addOption(jobsOption(speak))
    .addOption(line.jsonOption())
    .action(async (file, { seat, listen, engine: engines = [], move = false, jobs, json }) => {
      const { readRoster } = await import("../../../seats/read-roster.ts");
      const { chooseSeats } = await import("../../../seats/choose-seats.ts");
      const { stackOfSeat } = await import("../../../model/roster/roster.ts");
      // Before anything is brought, looked for or made.
      const roster = await readRoster(file);
      const chosen = chooseSeats(roster.seats, seat, file);
      const { requireEngineAddress } = await import("../../../lab/reach/engine-elsewhere.ts");
      for (const engine of engines) requireEngineAddress(engine);
      if (listen !== undefined) {
        const { labPaths } = await import("../../../lab/lab-paths.ts");
        const { requireListen } = await import("../../../lab/lifecycle/up-listening.ts");
        await requireListen(listen, labPaths(roster.className));
      }
      const { upSeats } = await import("../../../seats/up-seats.ts");
      const { showSeats } = await import("../../live-seats.ts");
      const named = chosen.map(({ id, name }) => ({ id, name, stack: stackOfSeat(roster, { id }) }));
      const context = await openClassBuildContext(session, named[0]?.stack ?? roster.className);
      const view = showSeats(named, speak, session.signal);
      const result = await upSeats(context, {
        roster,
        watch: view.watch,
        ...(seat && { seats: seat }),
        ...(jobs !== undefined && { jobs }),
        ...(listen !== undefined && { listen }),
        engines,
        mayMove: move,
      }).finally(view.close);
      const { renewClassHandout } = await import("../../../seats/class-handout.ts");
      const language = speak({ en: "en", ja: "ja" }) as Language;
      const handout = await renewClassHandout(context, { roster, language }, result.seats);
      await show(line, roster, { ...result, handout }, json);
    });
}

async function show(
  line: CommandLine,
  roster: Roster,
  result: ClassUp & { readonly handout: string | undefined },
  json: true | undefined,
): Promise<void> {
  const { speak } = line.session;
  const { reportAsJson, renderRemoved } = await import("../../render-seats.ts");
  const { className, seats, removed, handout } = result;
  const done = seats.filter(({ outcome }) => outcome === "done");
  if (json) {
    line.printJson({
      class: className,
      seats: seats.map((report) => ({
        ...reportAsJson(report),
        isChanged: report.result?.isChanged ?? false,
      })),
      handout,
      removed: removed.map(({ id, name, stack }) => ({ seat: id, name, stack })),
    });
  } else {
    const changed = done.filter(({ result: up }) => up?.isChanged === true).length;
    line.print(
      speak({
        en: `Class ${className}: ${done.length} of ${seats.length} seats are up, ${changed} of them by this command.`,
        ja: `クラス${className}: ${seats.length}席のうち${done.length}席が立ち上がっています（今回${changed}席）。`,
      }),
    );
    if (handout !== undefined) {
      const path = relative(process.cwd(), handout);
      line.print(speak({ en: `Sheets for the students: ${path}`, ja: `配布プリント: ${path}` }));
    }
    if (removed.length > 0) line.print(renderRemoved(removed, roster.file, speak));
  }
  endAs(line.session, seats, {
    en: `./lab seats up ${roster.file} goes on from here`,
    ja: `./lab seats up ${roster.file} で続きから行えます`,
  });
}
