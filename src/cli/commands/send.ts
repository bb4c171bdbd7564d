import { exitCode } from "../../model/lab-error.ts";
import type { CommandLine } from "../command-line.ts";
import { errorAsJson, renderError } from "../render-error.ts";
import { openContext } from "../session.ts";

/** `./lab send`: one mail across, followed until it lies in the mailbox; exit code 5 where it does not arrive. */
export function addSend(line: CommandLine): void {
  const { session } = line;
  const { speak } = session;
  line
    .command("send", {
      en: "send one mail across and follow it to the mailbox",
      ja: "メールを1通送り、届くまで追跡する",
    })
    .addOption(line.stackOption())
    .option("--from <user@host>", speak({ en: "such as user1@host1", ja: "例: user1@host1" }))
    .option("--to <address>", speak({ en: "such as user2@example2.test", ja: "例: user2@example2.test" }))
    .option("--subject <text>", speak({ en: "the mail's subject", ja: "件名" }), "Test mail")
    .addOption(line.jsonOption())
    .action(async ({ stack, from, to, subject, json }) => {
      const { send } = await import("../../lab/mail/send.ts");
      const { renderMailEvent, renderSent } = await import("../render-mail.ts");
      const context = await openContext(session, stack);
      const { error, ...result } = await send(context, { from, to, subject }, (event) => {
        if (!json) line.print(renderMailEvent(event, speak));
      });
      if (json) line.printJson({ ...result, ...(error === undefined ? {} : errorAsJson(error)) });
      else if (error === undefined) line.print(renderSent(result, speak));
      if (error !== undefined) process.exitCode = renderError(error, speak) || exitCode.failed;
    });
}
