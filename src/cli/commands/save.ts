import type { CommandLine } from "../command-line.ts";
import { openContext } from "../session.ts";

/** `./lab save NAME`: keeps the whole lab as it stands, outside its containers. */
export function addSave(line: CommandLine): void {
  const { session } = line;
  const { speak } = session;
  line
    .command("save", {
      en: "save the whole lab as it stands, to be restored later",
      ja: "ラボ全体を今の状態で保存する（後でrestoreで戻せる）",
    })
    .argument("<name>", speak({ en: "what the save is called", ja: "保存の名前" }))
    .option(
      "--file <file>",
      speak({
        en: "write it to a file as well, for another machine or engine",
        ja: "ファイルにも書き出す（別のマシンやエンジンで戻すとき）",
      }),
    )
    .addOption(line.stackOption())
    .option(
      "--replace",
      speak({
        en: "an older save or file of that name may go",
        ja: "同じ名前の保存・ファイルの上書きを認める",
      }),
    )
    .addOption(line.jsonOption())
    .action(async (name, { stack, file, replace, json }) => {
      const { requireSaveName } = await import("../../model/save-manifest.ts");
      requireSaveName(name);
      const { saveLab } = await import("../../lab/saves/save.ts");
      const save = await saveLab(await openContext(session, stack), name, {
        file,
        mayReplace: replace ?? false,
      });
      if (json) {
        line.printJson({ ...save, ...(file === undefined ? {} : { file }) });
        return;
      }
      const option = stack === "dev" ? "" : ` --stack ${stack}`;
      line.print(
        speak({
          en: `The lab ${stack} is saved as ${name}. ./lab restore ${name}${option} brings it back.`,
          ja: `ラボ${stack}を${name}という名前で保存しました。./lab restore ${name}${option} で戻せます。`,
        }),
      );
      if (file === undefined) return;
      line.print(
        speak({
          en: `${file} has all of it, the passwords too: only you can read it.`,
          ja: `${file} にはパスワードも含めてすべて入っています。読めるのは自分だけです。`,
        }),
      );
    });
}
