import { describeTraceEvent, reasonWords } from "../model/trace/mail-trace-words.ts";
import type { MailTrace, TraceEvent, TraceOutcome, TraceRecipient } from "../model/trace/mail-trace.ts";
import type { Text } from "../model/text.ts";
import type { Speak } from "./language.ts";
import { printable } from "./printable.ts";
import { padColumns, wrapColumns } from "./text-width.ts";

const outcomeWords: Readonly<Record<TraceOutcome, Text>> = {
  delivered: { en: "delivered", ja: "配達済み" },
  deferred: { en: "put off, waits in the queue", ja: "延期（キューで待機中）" },
  bounced: { en: "given up, bounced", ja: "配送不能（バウンス）" },
  expired: { en: "given up, waited too long", ja: "期限切れで配送不能" },
  refused: { en: "refused", ja: "拒否" },
  deleted: { en: "deleted from the queue", ja: "キューから削除" },
  "on-its-way": { en: "on its way", ja: "配送中" },
  "login-failed": { en: "no mail: the login failed", ja: "メールなし（認証に失敗）" },
  mixed: { en: "not the same for all recipients", ja: "宛先によって異なる" },
};

/** What became of a mail, in a few words. */
export function outcomeText(outcome: TraceOutcome): Text {
  return outcomeWords[outcome];
}

const timeWidth = 12;
const indent = 2;
/** Less than this is too narrow for columns; lines then run over. */
const narrowestWords = 24;

/**
 * A mail's life as a timeline for a terminal.
 *
 * @param columns - the terminal's; lines are not broken where there is none.
 */
export function renderTrace(trace: MailTrace, speak: Speak, columns = Infinity): string {
  const { events, notes } = trace;
  const hostWidth = Math.max(...events.map(({ host }) => host.length), 0);
  const queueIdWidth = Math.max(...events.map(({ queueId = "" }) => queueId.length), 0);
  const margin = timeWidth + indent + hostWidth + indent + queueIdWidth + indent;
  const width = Math.max(narrowestWords, columns - margin);
  // The reason stands in the heading; only what isn't there is said again.
  const told = new Set(trace.recipients.flatMap(({ reason }) => reason && reasonWords(reason).map(speak)));
  const lines = events.flatMap((event) => {
    const { what, more } = describeTraceEvent(event);
    const untold = more.map(speak).filter((line) => !told.has(line));
    const [first = "", ...rest] = wrapped(speak(what), width, 0);
    const start = [
      timeOf(event).padEnd(timeWidth),
      padColumns(event.host, hostWidth),
      (event.queueId ?? "").padEnd(queueIdWidth),
      first,
    ].join(" ".repeat(indent));
    const below = [...rest, ...untold.flatMap((line) => wrapped(line, width, indent))];
    return [start, ...below.map((line) => " ".repeat(margin) + line)];
  });
  return [
    ...heading(trace, speak, columns),
    "",
    ...lines,
    ...notes.flatMap((note) => ["", printable(speak(note))]),
  ].join("\n");
}

function wrapped(text: string, columns: number, below: number): readonly string[] {
  const pad = " ".repeat(below);
  return wrapColumns(printable(text), columns - below).map((line) => pad + line);
}

/** To the millisecond, in UTC as the hosts' logs are. */
function timeOf({ atMs }: TraceEvent): string {
  return new Date(atMs).toISOString().slice(11, 23);
}

function heading(trace: MailTrace, speak: Speak, columns: number): readonly string[] {
  const { messageId, from, outcome, recipients, events } = trace;
  const first = events[0];
  const day = first === undefined ? "" : new Date(first.atMs).toISOString().slice(0, 10);
  return [
    ...(messageId === undefined ? [] : [`Message-ID: <${printable(messageId)}>`]),
    ...(from === undefined
      ? []
      : [`${speak({ en: "From", ja: "差出人" })}: ${from === "" ? "<>" : printable(from)}`]),
    ...recipients.flatMap((recipient) => recipientLines(recipient, speak, columns)),
    ...(recipients.length === 1
      ? []
      : [`${speak({ en: "Result", ja: "結果" })}: ${speak(outcomeWords[outcome])}`]),
    `${speak({ en: "Times", ja: "時刻" })}: ${day} UTC`,
  ];
}

function recipientLines(recipient: TraceRecipient, speak: Speak, columns: number): readonly string[] {
  const { address, outcome, host, queueId, reason } = recipient;
  const who = address === "" ? speak({ en: "(recipient not logged yet)", ja: "（宛先は未記録）" }) : address;
  const where = [host, queueId].filter(Boolean).join(" ");
  const line = `${speak({ en: "To", ja: "宛先" })}: ${who}: ${speak(outcomeWords[outcome])} (${where})`;
  const why = reason === undefined ? [] : reasonWords(reason);
  return [...wrapped(line, columns, 0), ...why.flatMap((words) => wrapped(speak(words), columns, indent))];
}
