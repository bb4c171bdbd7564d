import { Option } from "@commander-js/extra-typings";
import { open } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import type { CheckReport, LabCheck } from "../../lab/chapter/check.ts";
import { exitCode } from "../../model/lab-error.ts";
import type { CommandLine } from "../command-line.ts";
import type { CheckLook } from "../render-check.ts";
import { openContext } from "../session.ts";
import { unwritableFile } from "../unwritable-file.ts";

/** Time between two looks while a student works. */
const watchIntervalMs = 2000;
const clearScreen = "\u001B[H\u001B[2J";

/** `./lab check`: how far the hosts have come in the chapter; exit code 1 where something is not yet done or wrong. */
export function addCheck(line: CommandLine): void {
  const { session } = line;
  const { speak } = session;
  line
    .command("check", {
      en: "see where each host stands in the chapter, and what is wrong",
      ja: "各ホストが章のどこまで進んだか、何が違うかを調べる",
    })
    .argument(
      "[step...]",
      speak({ en: "steps, such as 6.02; all unless given", ja: "手順（例: 6.02）。省略するとすべて" }),
    )
    .addOption(line.stackOption())
    .option("--host <name>", speak({ en: "one host's lines alone", ja: "このホストだけ" }))
    .addOption(
      new Option(
        "--watch",
        speak({ en: "look again and again until Ctrl-C", ja: "Ctrl-Cまで繰り返し調べる" }),
      ).conflicts("junit"),
    )
    .option(
      "--junit <file>",
      speak({ en: "write the result as JUnit XML too", ja: "結果をJUnit XMLでも書き出す" }),
    )
    .addOption(line.jsonOption())
    .action(async (wanted, { stack, host, watch = false, junit, json = false }) => {
      const { LabCheck, requireKnownSteps } = await import("../../lab/chapter/check.ts");
      const { fitRows, renderCheck, renderChanges } = await import("../render-check.ts");
      requireKnownSteps(wanted);
      // Found out before a lab is looked at, not after.
      const file = junit === undefined ? undefined : await openForWriting(junit);
      try {
        const context = await openContext(session, stack);
        const check = await LabCheck.open(context, { wanted, host });
        const look: CheckLook = { speak, isColoured: session.stdout.isTTY };
        const show = (report: CheckReport): void => {
          if (json) line.printJson(report);
          else line.print(renderCheck(report, look));
        };
        if (watch) {
          let before: CheckReport | undefined;
          await watchLab(check, session.signal, (report) => {
            if (json) line.print(JSON.stringify(report));
            else if (session.stdout.isTTY)
              line.print(`${clearScreen}${fitRows(renderCheck(report, look), session.stdout.rows - 1)}`);
            else for (const change of renderChanges(report, before, look)) line.print(change);
            before = report;
          });
          return;
        }
        const report = await check.run();
        show(report);
        if (file !== undefined) {
          const { junitOf } = await import("../junit.ts");
          await file.truncate();
          await file.write(junitOf(report, speak));
        }
        if (report.status !== "passed") process.exitCode = exitCode.checkFailed;
      } finally {
        await file?.close();
      }
    });
}

/** Looks until the signal aborts, which is its good end. */
async function watchLab(
  check: LabCheck,
  signal: AbortSignal,
  onReport: (report: CheckReport) => void,
): Promise<void> {
  try {
    for (;;) {
      onReport(await check.run());
      await pause(watchIntervalMs, undefined, { signal });
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** A file that is there keeps what is in it until there is something better. */
async function openForWriting(path: string) {
  try {
    return await open(path, "a+");
  } catch (cause) {
    throw unwritableFile("LAB_JUNIT_FILE", "--junit", path, cause);
  }
}
