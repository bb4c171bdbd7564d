import type { CommandLine } from "../command-line.ts";
import { openContext } from "../session.ts";

/** `./lab start`: starts a lab that was stopped, and waits until it has booted. */
export function addStart(line: CommandLine): void {
  const { session } = line;
  line
    .command("start", { en: "start a lab that was stopped", ja: "止めたラボを再び動かす" })
    .addOption(line.stackOption())
    .addOption(line.jsonOption())
    .action(async ({ stack, json }) => {
      const { start } = await import("../../lab/lifecycle/start.ts");
      const started = await start(await openContext(session, stack));
      if (json) {
        line.printJson({ stack, started });
        return;
      }
      const done =
        started.length > 0
          ? { en: `The lab ${stack} is up again.`, ja: `ラボ${stack}が再び動き始めました。` }
          : { en: `The lab ${stack} was running already.`, ja: `ラボ${stack}はすでに動いています。` };
      line.print(session.speak(done));
    });
}
