import type { Command } from "@commander-js/extra-typings";
import { exitCode } from "../../../model/lab-error.ts";
import type { CommandLine } from "../../command-line.ts";
import { openClassContext } from "../../session.ts";
import { rosterArgument, rosterWords, seatOption } from "./seat-options.ts";

/** `./lab seats status ROSTER`: which seats are up; exit code 4 where one of the roster's is not. */
export function addSeatsStatus(line: CommandLine, group: Command): void {
  const { session } = line;
  const { speak } = session;
  line
    .command("status", { en: "show which seats are up", ja: "どの席が立ち上がっているかを表示" }, group)
    .argument(rosterArgument, rosterWords(speak))
    .addOption(seatOption(speak))
    .addOption(line.jsonOption())
    .action(async (file, { seat, json }) => {
      const { readRoster } = await import("../../../seats/read-roster.ts");
      const roster = await readRoster(file);
      const { readClassStatus } = await import("../../../seats/class-status.ts");
      const seats = await readClassStatus(await openClassContext(session, "dev"), roster, seat);
      const { renderClassStatus, statusAsJson } = await import("../../render-seats.ts");
      if (json) line.printJson({ class: roster.className, seats: seats.map(statusAsJson) });
      else line.print(renderClassStatus(roster.className, seats, speak));
      if (seats.some(({ state, isInRoster }) => isInRoster && state !== "up"))
        process.exitCode = exitCode.unreachable;
    });
}
