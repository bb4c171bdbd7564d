import type { CommandLine } from "../command-line.ts";
import { openBuildContext } from "../session.ts";

/** `./lab reset [HOST…]`: hosts as new, whatever was done in them; everything else of the lab stays as it is. */
export function addReset(line: CommandLine): void {
  const { session } = line;
  const { speak } = session;
  line
    .command("reset", {
      en: "replace hosts by new ones; what is in them is lost",
      ja: "ホストを作り直す（中身は失われる）",
    })
    .argument(
      "[host...]",
      speak({
        en: "such as host1, dns or desk; every mail host and the desk where none is named",
        ja: "例: host1、dns、desk。省略するとすべてのメールホストとデスク",
      }),
    )
    .addOption(line.stackOption())
    .option(
      "--stage <stage>",
      speak({
        en: "the stage that they then stand at: exercise, finished, or a step such as 6.05",
        ja: "作り直した後の段階: exercise、finished、または6.05のような手順",
      }),
    )
    .option("--yes", speak({ en: "don't ask", ja: "確認せずに実行" }))
    .addOption(line.jsonOption())
    .action(async (hosts, { stack, stage, yes = false, json }) => {
      const { askToGoOn, requireAnswerable } = await import("../ask.ts");
      const { requireStage } = await import("../../lab/lifecycle/up-to-stage.ts");
      const option = stack === "dev" ? "" : ` --stack ${stack}`;
      const words = [...hosts, ...(stage === undefined ? [] : ["--stage", stage])].map((word) => ` ${word}`);
      if (stage !== undefined) requireStage(stage);
      requireAnswerable(yes, `./lab reset${words.join("")} --yes${option}`);
      const { resetHosts, whatIsLost } = await import("../../lab/reset/reset.ts");
      const context = await openBuildContext(session, stack);
      if (!yes) {
        const lost = await whatIsLost(context, { hosts, stage });
        await askToGoOn(session, {
          lines: lost.map(({ name, holds }) => (holds.length === 0 ? name : `${name}: ${holds.join(", ")}`)),
          question: {
            en: `Accounts, mail, queue and every file in there will be lost. Replace ${lost.map(({ name }) => name).join(", ")} of the lab ${stack}?`,
            ja: `アカウント・メール・キュー・すべてのファイルが失われます。ラボ${stack}の${lost.map(({ name }) => name).join("、")}を作り直しますか？`,
          },
        });
      }
      const { nodes } = await resetHosts(context, { hosts, stage });
      if (json) {
        line.printJson({ stack, nodes });
        return;
      }
      for (const { name, stage: standing } of nodes) {
        line.print(
          speak(
            standing === undefined
              ? { en: `${name} is as new.`, ja: `${name}を作り直しました。` }
              : {
                  en: `${name} is as new, at ${standing}.`,
                  ja: `${name}を作り直しました（段階 ${standing}）。`,
                },
          ),
        );
      }
    });
}
