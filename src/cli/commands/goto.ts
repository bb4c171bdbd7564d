import type { CommandLine } from "../command-line.ts";
import { openBuildContext } from "../session.ts";

/** `./lab goto STEP`: brings hosts forward to a step of the chapter, keeping mail and accounts. */
export function addGoto(line: CommandLine): void {
  const { session } = line;
  const { speak } = session;
  line
    .command("goto", {
      en: "bring the hosts forward to a step of the chapter, keeping mail and accounts",
      ja: "章の手順をそこまで適用する（メールとアカウントは残る）",
    })
    .argument("<step>", speak({ en: "such as 6.07, or finished", ja: "例: 6.07、finished" }))
    .addOption(line.stackOption())
    .option("--host <name>", speak({ en: "this host alone", ja: "このホストだけ" }))
    .addOption(line.jsonOption())
    .action(async (stage, { stack, host, json }) => {
      const { requireStage } = await import("../../lab/lifecycle/up-to-stage.ts");
      requireStage(stage);
      const { goTo } = await import("../../lab/chapter/goto.ts");
      const hosts = await goTo(await openBuildContext(session, stack), { stage, host });
      if (json) {
        line.printJson({ stack, stage, hosts });
        return;
      }
      for (const { name, from, to } of hosts) line.print(`${name}: ${from} → ${to}`);
      if (hosts.length > 0) return;
      line.print(
        speak({
          en: `Everything up to ${stage} was applied already.`,
          ja: `${stage}までの手順は適用済みです。`,
        }),
      );
    });
}
