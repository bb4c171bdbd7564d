import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseDnsQuestions } from "../../../src/model/dns-questions.ts";
import { findMailTrace } from "../../../src/model/trace/find-mail-trace.ts";
import { mergeMailLogs, parseMailLog, type MailLogLine } from "../../../src/model/mail/mail-log.ts";
import { describeTraceEvent } from "../../../src/model/trace/mail-trace-words.ts";
import type { TraceSources } from "../../../src/model/trace/mail-trace-sources.ts";
import type { MailTrace, TraceEvent, WantedMail } from "../../../src/model/trace/mail-trace.ts";
import type { Language } from "../../../src/model/text.ts";

function recorded(name: string): string {
  return readFileSync(join(import.meta.dirname, "trace-logs", `${name}.txt`), "utf8");
}

/** What both hosts of a lab wrote while mails met many fates, as Postfix 3.7 and Dovecot 2.3 write it. */
export const recordedLines: readonly MailLogLine[] = mergeMailLogs([
  parseMailLog("host1", recorded("host1")),
  parseMailLog("host2", recorded("host2")),
]);

/** The sources of a trace in the recorded lab. */
export function sourcesOf(lines: readonly MailLogLine[] = recordedLines): TraceSources {
  return {
    lines,
    hosts: [
      { name: "host1", address: "192.168.1.12" },
      { name: "host2", address: "192.168.1.13" },
    ],
    accounts: new Map([["host1", new Map([[1001, "user1"]])]]),
    otherNodes: new Map([["192.168.1.122", "desk"]]),
    questions: parseDnsQuestions(recorded("questions")),
    stackWords: "",
  };
}

/** The lines up to that time of the recorded day. */
export function linesUntil(time: string): readonly MailLogLine[] {
  const [second = "", fraction = "0"] = time.split(".");
  const untilMs = Date.parse(`2026-11-24T${second}Z`) + Number(`0.${fraction}`) * 1000;
  return recordedLines.filter(({ atMs }) => atMs <= untilMs);
}

/** The trace of a mail that the lines have. */
export function traceOf(wanted: WantedMail, lines = recordedLines): MailTrace {
  const trace = findMailTrace(sourcesOf(lines), wanted);
  if (trace === undefined) throw new Error(`the logs know no mail ${JSON.stringify(wanted)}`);
  return trace;
}

/** The same by the Message-ID's left part. */
export function traceNamed(name: string): MailTrace {
  return traceOf({ by: "message-id", messageId: `<${name}@example1.test>` });
}

/** The events of a kind. */
export function eventsOf<Kind extends TraceEvent["kind"]>(
  trace: MailTrace,
  kind: Kind,
): readonly (TraceEvent & { readonly kind: Kind })[] {
  return trace.events.filter((event): event is TraceEvent & { readonly kind: Kind } => event.kind === kind);
}

/** All that is said of a trace's events. */
export function wordsOf(trace: MailTrace, language: Language): string {
  return trace.events
    .flatMap((event) => {
      const { what, more } = describeTraceEvent(event);
      return [what, ...more].map((text) => text[language]);
    })
    .join("\n");
}
