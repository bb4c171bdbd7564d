import { LabError, exitCode } from "../../model/lab-error.ts";
import type { LabHost } from "../../lab/stack/lab-outputs.ts";
import type { CommandLine } from "../command-line.ts";
import { openBuildContext } from "../session.ts";

/** `./lab restore NAME`: makes a stack the lab that was saved. */
export function addRestore(line: CommandLine): void {
  const { session } = line;
  const { speak } = session;
  line
    .command("restore", {
      en: "bring a saved lab back, into this stack or another one",
      ja: "保存したラボを戻す（別のスタックにも戻せる）",
    })
    .argument("[name]", speak({ en: "the save's name", ja: "保存の名前" }))
    .option("--file <file>", speak({ en: "from a file instead", ja: "ファイルから戻す" }))
    .addOption(line.stackOption())
    .option(
      "--replace",
      speak({
        en: "a lab that is there may be taken down for it, and what is in it lost",
        ja: "すでにあるラボの撤去（中身は失われます）を認める",
      }),
    )
    .addOption(line.jsonOption())
    .action(async (name, { stack, file, replace = false, json }) => {
      const source = sourceOf(name, file);
      const { requireSaveName } = await import("../../model/save-manifest.ts");
      if ("name" in source) requireSaveName(source.name);
      const { labPaths } = await import("../../lab/lab-paths.ts");
      const { checkUserConfig } = await import("../../lab/stack/stack-config.ts");
      await checkUserConfig(labPaths(stack), stack);
      const { restoreLab } = await import("../../lab/saves/restore.ts");
      const context = await openBuildContext(session, stack);
      const { save, outputs } = await restoreLab(context, source, { mayReplace: replace });
      if (json) {
        const { hosts, dns, stage, stages, network } = outputs;
        line.printJson({ stack, save, stage, stages, ...network, dns, hosts });
        return;
      }
      const { renderNextSteps } = await import("../render-lab.ts");
      const { sshLogins } = await import("../../lab/machine/own-addresses.ts");
      const { engineOf } = await import("../../lab/lab-context.ts");
      line.print(
        speak({
          en: `The lab ${stack} is what ${save.stack} was at ${save.savedAt}.`,
          ja: `ラボ${stack}を、${save.savedAt}時点の${save.stack}の状態に戻しました。`,
        }),
      );
      const logins = (host: LabHost) => sshLogins(outputs, host, engineOf(context));
      line.print(renderNextSteps(stack, outputs, logins, speak, session.stdout.isTTY));
    });
}

function sourceOf(
  name: string | undefined,
  file: string | undefined,
): { readonly name: string } | { readonly file: string } {
  if (name !== undefined && file === undefined) return { name };
  if (file !== undefined && name === undefined) return { file };
  throw new LabError(
    "LAB_USAGE",
    {
      en: "Either the name of a save or --file FILE says what is to be restored.",
      ja: "戻すものは、保存の名前か --file ファイル のどちらか一方で指定してください。",
    },
    {
      hint: { en: "./lab saves lists the names", ja: "名前の一覧は ./lab saves" },
      exit: exitCode.usage,
    },
  );
}
