import type { CommandLine } from "../command-line.ts";
import { openContext } from "../session.ts";

/** `./lab stop`: stops the lab's containers in order; all that is in them stays. */
export function addStop(line: CommandLine): void {
  const { session } = line;
  const { speak } = session;
  line
    .command("stop", {
      en: "stop the lab; everything in it stays for ./lab start",
      ja: "ラボを止める（中身は残り、./lab start で戻る）",
    })
    .addOption(line.stackOption())
    .addOption(line.jsonOption())
    .action(async ({ stack, json }) => {
      const { stop } = await import("../../lab/lifecycle/stop.ts");
      const { stopped, killed } = await stop(await openContext(session, stack));
      if (json) {
        line.printJson({ stack, stopped, killed });
        return;
      }
      if (killed.length > 0) {
        session.report.say({
          en: `${killed.join(", ")} did not end in time and was killed.`,
          ja: `${killed.join("、")}は時間内に終わらず、強制終了されました。`,
        });
      }
      const option = stack === "dev" ? "" : ` --stack ${stack}`;
      const done =
        stopped.length > 0
          ? {
              en: `The lab ${stack} is stopped; nothing of it is lost. ./lab start${option} brings it back.`,
              ja: `ラボ${stack}を止めました。中身はそのままです。./lab start${option} で戻ります。`,
            }
          : {
              en: `The lab ${stack} was stopped already.`,
              ja: `ラボ${stack}はすでに止まっています。`,
            };
      line.print(speak(done));
    });
}
