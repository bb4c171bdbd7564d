import type { CommandLine } from "../command-line.ts";
import { openContext } from "../session.ts";

/** `./lab saves`: what is saved; `./lab saves rm NAME` removes one. */
export function addSaves(line: CommandLine): void {
  const { session } = line;
  const { speak } = session;
  const group = line.group("saves", { en: "list what is saved, or remove it", ja: "保存の一覧・削除" });
  const saves = group.addOption(line.jsonOption()).action(async ({ json }) => {
    const { listSaves } = await import("../../lab/saves/saves.ts");
    const listed = await listSaves(await openContext(session, "dev"));
    if (json) {
      line.printJson(listed);
      return;
    }
    const { renderSaves } = await import("../render-saves.ts");
    line.print(renderSaves(listed, speak));
  });
  line
    .command("rm", { en: "remove a save", ja: "保存を消す" }, group)
    .argument("<name>", speak({ en: "the save's name", ja: "保存の名前" }))
    .action(async (name) => {
      const { removeSave } = await import("../../lab/saves/saves.ts");
      const { nodes } = await removeSave(await openContext(session, "dev"), name);
      // The group knows the option, before and after the word `rm`.
      if (saves.opts().json) {
        line.printJson({ removed: name, images: nodes.map(({ image }) => image) });
        return;
      }
      line.print(speak({ en: `The save ${name} is removed.`, ja: `保存${name}を消しました。` }));
    });
}
