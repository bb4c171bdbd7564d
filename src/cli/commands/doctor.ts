import { InvalidArgumentError } from "@commander-js/extra-typings";
import type { CommandLine } from "../command-line.ts";

/** `./lab doctor`: what could go wrong before `up`; exit code 3 for warnings, 1 or 4 where `up` would fail. */
export function addDoctor(line: CommandLine): void {
  const { session } = line;
  const { speak } = session;
  line
    .command("doctor", {
      en: "look for what could go wrong before up; installs nothing",
      ja: "upの前に問題がないか調べる（何もインストールしない）",
    })
    .addOption(line.stackOption())
    .option(
      "--labs <number>",
      speak({ en: "how many labs are to be built", ja: "これから作るラボの数" }),
      parseCount,
      1,
    )
    .option(
      "--orphans",
      speak({ en: "list what the engine holds of other labs", ja: "ほかのラボのものを一覧する" }),
    )
    .option("--fix", speak({ en: "mend what can be mended without harm", ja: "安全に直せるものを直す" }))
    .addOption(line.jsonOption())
    .action(async ({ stack, labs, orphans = false, fix = false, json }) => {
      const { examine } = await import("../../lab/doctor/doctor.ts");
      const { exitOf } = await import("../../lab/doctor/judge-facts.ts");
      const { labPaths } = await import("../../lab/lab-paths.ts");
      const { signal } = session;
      const diagnosis = await examine({ stack, paths: labPaths(stack), labsWanted: labs, fix, signal });
      if (json) line.printJson(diagnosis);
      else {
        const { renderDiagnosis, renderStrangers } = await import("../render-doctor.ts");
        line.print(renderDiagnosis(diagnosis, speak));
        if (orphans) line.print(`\n${renderStrangers(diagnosis, speak)}`);
      }
      process.exitCode = exitOf(diagnosis.findings);
    });
}

function parseCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= 1000) return count;
  throw new InvalidArgumentError("1 … 1000");
}
