import { describeTraceEvent } from "../../model/trace/mail-trace-words.ts";
import type { CommandLine } from "../command-line.ts";
import { openContext } from "../session.ts";

/** `./lab trace`: one mail's life, as a timeline, as JSON or as a diagram. */
export function addTrace(line: CommandLine): void {
  const { session } = line;
  const { speak } = session;
  line
    .command("trace", {
      en: "tell one mail's life: who sent it, every hop, what became of it, and why",
      ja: "メール1通の一生を表示（送信者、経由したキュー、結果とその理由）",
    })
    .argument("[mail]", speak({ en: "its Message-ID or a queue id", ja: "Message-IDまたはキューID" }))
    .addOption(line.stackOption())
    .option(
      "--last",
      speak({ en: "the newest mail, or what was refused last", ja: "最新のメール（拒否されたものも含む）" }),
    )
    .option("--mermaid", speak({ en: "print a Mermaid sequence diagram", ja: "Mermaidのシーケンス図で表示" }))
    .addOption(line.jsonOption().conflicts("mermaid"))
    .action(async (mail, { stack, last = false, mermaid = false, json }) => {
      const { traceMail, wantedMail } = await import("../../lab/mail/trace.ts");
      const wanted = wantedMail(mail, last);
      const context = await openContext(session, stack);
      const trace = await traceMail(context, wanted);
      if (json) {
        const events = trace.events.map((event) => ({ ...event, words: describeTraceEvent(event) }));
        line.printJson({ ...trace, events });
      } else if (mermaid) {
        const { renderTraceMermaid } = await import("../render-trace-mermaid.ts");
        line.print(renderTraceMermaid(trace, speak));
      } else {
        const { renderTrace } = await import("../render-trace.ts");
        line.print(renderTrace(trace, speak, session.stdout.isTTY ? session.stdout.columns : undefined));
      }
    });
}
