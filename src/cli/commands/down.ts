import type { CommandLine } from "../command-line.ts";
import { knowsStack, openContext } from "../session.ts";

/** `./lab down`: takes the lab down; the product's images stay. */
export function addDown(line: CommandLine): void {
  const { session } = line;
  const { speak } = session;
  line
    .command("down", { en: "take the lab down; the images stay", ja: "ラボを撤去する（イメージは残る）" })
    .addOption(line.stackOption())
    .option(
      "--forget",
      speak({ en: "remove the stack's configuration and ports too", ja: "スタックの設定とポートも消す" }),
    )
    .addOption(line.jsonOption())
    .action(async ({ stack, forget = false, json }) => {
      const { down } = await import("../../lab/lifecycle/down.ts");
      const { findNamesakes, sayLeftAlone } = await import("../../lab/lifecycle/namesakes.ts");
      // Where this clone has never heard of the stack, nothing is brought just to say so.
      const { wasUp, leftAlone } = knowsStack(stack)
        ? await down(await openContext(session, stack), { forget })
        : { wasUp: false, leftAlone: await findNamesakes(stack, session.signal) };
      sayLeftAlone(session.report, leftAlone);
      if (json) {
        line.printJson({ stack, wasUp, leftAlone });
        return;
      }
      const done = wasUp
        ? { en: `The lab ${stack} is down.`, ja: `ラボ${stack}を撤去しました。` }
        : {
            en: `The lab ${stack} is not up; there is nothing to take down.`,
            ja: `ラボ${stack}は立ち上がっていません。撤去するものはありません。`,
          };
      line.print(speak(done));
    });
}
