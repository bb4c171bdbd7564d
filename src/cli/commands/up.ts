import { Option } from "@commander-js/extra-typings";
import type { LabHost } from "../../lab/stack/lab-outputs.ts";
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
      "--stage <stage>",
      speak({
        en: "how far the chapter is applied: exercise, finished, or a step such as 6.05",
        ja: "章をどこまで適用するか: exercise、finished、または6.05のような手順",
      }),
    )
    .option(
      "--listen <address>",
      speak({
        en: "publish ssh, and nothing of mail, on this address of the machine too (0.0.0.0: on all)",
        ja: "sshだけを、このマシンのこのアドレスにも公開する（0.0.0.0ならすべてのアドレス）",
      }),
    )
    .option(
      "--engine <engine>",
      speak({
        en: "build it on this Docker engine: ssh://user@host, or the name of a Docker context",
        ja: "このDockerエンジンに組み立てる（ssh://ユーザー@ホスト、またはDockerコンテキストの名前）",
      }),
    )
    .addOption(
      new Option(
        "--desk [language]",
        speak({
          en: "with a desk: Thunderbird in the browser, in Japanese (ja) or English (en)",
          ja: "デスク（ブラウザで使うThunderbird）を付ける。言語はjaまたはen",
        }),
      ).choices(["ja", "en"] as const),
    )
    .option(
      "--replace",
      speak({
        en: "hosts that exist may be replaced, and what is in them lost",
        ja: "既にあるホストの作り直し（中身は失われます）を認める",
      }),
    )
    .addOption(line.jsonOption())
    .action(async ({ stack, stage, listen, engine, desk, replace = false, json }) => {
      const { labPaths } = await import("../../lab/lab-paths.ts");
      const { checkUserConfig } = await import("../../lab/stack/stack-config.ts");
      // Before anything is brought, looked for or made.
      await checkUserConfig(labPaths(stack), stack);
      const { up } = await import("../../lab/lifecycle/up.ts");
      const { requireEngineAddress } = await import("../../lab/reach/engine-elsewhere.ts");
      const { requireStage, upToStage } = await import("../../lab/lifecycle/up-to-stage.ts");
      const { upWithDesk } = await import("../../lab/lifecycle/up-with-desk.ts");
      const { requireListen, upListening } = await import("../../lab/lifecycle/up-listening.ts");
      if (stage !== undefined) requireStage(stage);
      if (engine !== undefined) requireEngineAddress(engine);
      if (listen !== undefined) await requireListen(listen, labPaths(stack));
      const context = await openBuildContext(session, stack, engine);
      const options = { mayReplace: replace };
      const bringUpBare = () =>
        stage === undefined ? up(context, options) : upToStage(context, { stage }, options);
      const language = desk === true ? undefined : desk;
      const spoken = speak({ en: "en", ja: "ja" }) === "ja" ? "ja" : "en";
      const bringUp =
        desk === undefined ? bringUpBare : () => upWithDesk(context, { language, spoken }, bringUpBare);
      const { outputs, isChanged } =
        listen === undefined ? await bringUp() : await upListening(context, listen, bringUp);
      if (json) {
        const { hosts, dns, desk: built, stage: standing, stages, network } = outputs;
        line.printJson({ stack, isChanged, stage: standing, stages, ...network, dns, desk: built, hosts });
        return;
      }
      const { renderNextSteps } = await import("../render-lab.ts");
      const { sshLogins } = await import("../../lab/machine/own-addresses.ts");
      const { engineOf } = await import("../../lab/lab-context.ts");
      const logins = (host: LabHost) => sshLogins(outputs, host, engineOf(context));
      const done = isChanged
        ? { en: `The lab ${stack} is up.`, ja: `ラボ${stack}が立ち上がりました。` }
        : {
            en: `The lab ${stack} is up; nothing had to change.`,
            ja: `ラボ${stack}は立ち上がっています。変更はありません。`,
          };
      line.print(speak(done));
      line.print(renderNextSteps(stack, outputs, logins, speak, session.stdout.isTTY));
    });
}
