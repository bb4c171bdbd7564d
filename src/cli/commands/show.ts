import type { CommandLine } from "../command-line.ts";
import { knowsStack, openContext } from "../session.ts";

/** `./lab show [STEP]`: what a step asks for, and with `--solution` how it is done; without a step all of them. */
export function addShow(line: CommandLine): void {
  const { session } = line;
  const { speak } = session;
  line
    .command("show", {
      en: "show what a step of the chapter asks for",
      ja: "教科書のステップですることを表示",
    })
    .argument("[step]", speak({ en: "such as 6.05; all steps unless given", ja: "例: 6.05。省略時は一覧" }))
    .addOption(line.stackOption())
    .option("--solution", speak({ en: "with the commands and edits", ja: "コマンドと編集内容も表示" }))
    .option("--host <name>", speak({ en: "one host alone", ja: "このホストだけ" }))
    .addOption(line.jsonOption())
    .action(async (step, { stack, solution = false, host, json }) => {
      const { listSteps, readStages, showStep } = await import("../../lab/chapter/show.ts");
      const { renderStep, renderSteps, stepAsJson } = await import("../render-show.ts");
      if (step === undefined) {
        const stages = knowsStack(stack) ? await readStages(await openContext(session, stack)) : undefined;
        const steps = listSteps();
        if (json) line.printJson({ steps: steps.map((listed) => stepAsJson(listed, speak)), stages });
        else line.print(renderSteps(steps, stages, speak));
        return;
      }
      const { labPaths } = await import("../../lab/lab-paths.ts");
      const shown = await showStep(labPaths(stack), { step, host, withSolution: solution });
      if (json) line.printJson(stepAsJson(shown, speak));
      else line.print(renderStep(shown, speak));
    });
}
