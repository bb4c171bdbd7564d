import type { CommandLine } from "../command-line.ts";
import { openContext } from "../session.ts";

/** `./lab prune`: removes the product's images that nothing needs any more. */
export function addPrune(line: CommandLine): void {
  const { session } = line;
  const { speak } = session;
  line
    .command("prune", {
      en: "remove mail-lab's images that nothing needs any more",
      ja: "もう使われないmail-labのイメージを消す",
    })
    .option(
      "--all",
      speak({
        en: "every image of mail-lab without a container, what the next up would use too",
        ja: "コンテナのないmail-labのイメージをすべて（次のupで使うものも）",
      }),
    )
    .addOption(line.jsonOption())
    .action(async ({ all = false, json }) => {
      const { prune } = await import("../../lab/lifecycle/prune.ts");
      const { removed, kept } = await prune(await openContext(session, "dev"), { all });
      if (json) {
        line.printJson({ removed, kept });
        return;
      }
      for (const name of removed) line.print(name);
      const done =
        removed.length > 0
          ? { en: `Removed: ${removed.length}.`, ja: `${removed.length}個のイメージを消しました。` }
          : { en: "There is no image to remove.", ja: "消せるイメージはありません。" };
      line.print(speak(done));
    });
}
