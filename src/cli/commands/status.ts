import type { LabStatus } from "../../lab/lifecycle/status.ts";
import { exitCode } from "../../model/lab-error.ts";
import type { CommandLine } from "../command-line.ts";
import { knowsStack, openContext } from "../session.ts";

/** `./lab status`: what is running; exit code 4 where the lab is not whole. */
export function addStatus(line: CommandLine): void {
  const { session } = line;
  line
    .command("status", { en: "show what is running", ja: "動いているものを表示" })
    .addOption(line.stackOption())
    .option(
      "--show-secrets",
      session.speak({
        en: "with --json: passwords and the lab's ssh key too",
        ja: "--jsonとともに: パスワードとラボのssh鍵も表示",
      }),
    )
    .addOption(line.jsonOption())
    .action(async ({ stack, showSecrets, json }) => {
      const { readStatus } = await import("../../lab/lifecycle/status.ts");
      const unknown: LabStatus = { stack, isUp: false, nodes: [] };
      const context = knowsStack(stack) ? await openContext(session, stack) : undefined;
      const status = context === undefined ? unknown : await readStatus(context);
      if (json) {
        const { readSecrets } = await import("../../lab/stack/lab-outputs.ts");
        const secrets = showSecrets && context !== undefined ? await readSecrets(context) : {};
        line.printJson({ ...status, ...secrets });
      } else {
        const { renderStatus } = await import("../render-lab.ts");
        line.print(renderStatus(status, session.speak));
      }
      if (!status.isUp) process.exitCode = exitCode.unreachable;
    });
}
