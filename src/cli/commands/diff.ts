import { exitCode } from "../../model/lab-error.ts";
import type { CommandLine } from "../command-line.ts";
import { errorAsJson, renderError } from "../render-error.ts";
import { openContext } from "../session.ts";

/** `./lab diff [STEP]`: how the hosts differ from the chapter's own state; exit code 1 where they do. */
export function addDiff(line: CommandLine): void {
  const { session } = line;
  const { speak } = session;
  line
    .command("diff", {
      en: "show how the hosts differ from where the chapter leaves them",
      ja: "教科書どおりの状態との違いを表示",
    })
    .argument(
      "[step]",
      speak({
        en: "such as 6.05; the stage of each host unless given",
        ja: "例: 6.05。省略時は各ホストの段階",
      }),
    )
    .addOption(line.stackOption())
    .option("--host <name>", speak({ en: "one host alone", ja: "このホストだけ" }))
    .addOption(line.jsonOption())
    .action(async (step, { stack, host, json }) => {
      const { diffLab } = await import("../../lab/diff/diff-lab.ts");
      const { renderHostDiff } = await import("../render-diff.ts");
      const context = await openContext(session, stack);
      const hosts = await diffLab(context, { step, host });
      if (json) {
        line.printJson({
          hosts: hosts.map(({ error, ...rest }) =>
            error === undefined ? rest : { ...rest, ...errorAsJson(error) },
          ),
        });
      }
      let worst: number = exitCode.good;
      for (const found of hosts) {
        if (found.error !== undefined) worst = Math.max(worst, renderError(found.error, speak));
        else {
          if (!json) line.print(renderHostDiff(found, speak));
          if (found.differences.length > 0) worst = Math.max(worst, exitCode.checkFailed);
        }
      }
      process.exitCode = worst;
    });
}
