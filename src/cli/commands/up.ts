import type { CommandLine } from "../command-line.ts";
import { openBuildContext } from "../session.ts";

/** `./lab up`: builds the lab, or brings one that exists to what its configuration says. */
export function addUp(line: CommandLine): void {
  const { session } = line;
  const { speak } = session;
  line
    .command("up", {
      en: "build the lab, or bring it to what its configuration says",
      ja: "ラボを組み立てる・設定どおりにする",
    })
    .addOption(line.stackOption())
    .option(
      "--replace",
      speak({
        en: "hosts that exist may be replaced, and what is in them lost",
        ja: "既にあるホストの作り直し（中身は失われます）を認める",
      }),
    )
    .addOption(line.jsonOption())
    .action(async ({ stack, replace = false, json }) => {
      const { labPaths } = await import("../../lab/lab-paths.ts");
      const { checkUserConfig } = await import("../../lab/stack-config.ts");
      // Before anything is brought, looked for or made.
      await checkUserConfig(labPaths(stack), stack);
      const { up } = await import("../../lab/up.ts");
      const context = await openBuildContext(session, stack);
      const { outputs, isChanged } = await up(context, { mayReplace: replace });
      if (json) {
        const { hosts, dns, stage, network } = outputs;
        line.printJson({ stack, isChanged, stage, ...network, dns, hosts });
        return;
      }
      const { renderNextSteps } = await import("../render-lab.ts");
      const done = isChanged
        ? { en: `The lab ${stack} is up.`, ja: `ラボ${stack}が立ち上がりました。` }
        : {
            en: `The lab ${stack} is up; nothing had to change.`,
            ja: `ラボ${stack}は立ち上がっています。変更はありません。`,
          };
      line.print(speak(done));
      line.print(renderNextSteps(stack, outputs, speak, session.stdout.isTTY));
    });
}
