import type { CommandLine } from "../command-line.ts";
import { openContext } from "../session.ts";

/** `./lab logs`: the mail logs of all hosts in one stream, in order of time. */
export function addLogs(line: CommandLine): void {
  const { session } = line;
  const { speak } = session;
  line
    .command("logs", {
      en: "show the hosts' mail logs as one, in order of time",
      ja: "全ホストのメールログを時刻順に表示",
    })
    .addOption(line.stackOption())
    .option("--host <name>", speak({ en: "one host's alone", ja: "このホストのログだけ" }))
    .option(
      "--message <id>",
      speak({
        en: "one mail's lines alone, by its Message-ID",
        ja: "このMessage-IDのメールの行だけ",
      }),
    )
    .option("--follow", speak({ en: "go on until Ctrl-C", ja: "Ctrl-Cまで表示を続ける" }))
    .addOption(line.jsonOption())
    .action(async ({ stack, host, message, follow = false, json }) => {
      const { readLogs } = await import("../../lab/mail/logs.ts");
      const { renderLogLine } = await import("../render-mail.ts");
      const context = await openContext(session, stack);
      const count = await readLogs(context, { host, messageId: message, follow }, (entry) => {
        // One object a line: a stream that is followed has no end at which an array could be closed.
        line.print(json ? JSON.stringify(entry) : renderLogLine(entry));
      });
      if (count === 0 && message !== undefined) {
        session.report.say({
          en: `No line of the mail logs belongs to ${message}.`,
          ja: `${message} に属する行はメールログにありません。`,
        });
      }
    });
}
