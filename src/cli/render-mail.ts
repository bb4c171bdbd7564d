import type { SendResult } from "../lab/mail/send.ts";
import type { MailEvent } from "../model/mail/mail-journey.ts";
import type { MailLogLine } from "../model/mail/mail-log.ts";
import type { Text } from "../model/text.ts";
import type { Speak } from "./language.ts";

/** A line of a mail log with the host whose log it is. */
export function renderLogLine({ host, text }: MailLogLine): string {
  return `${host}  ${text}`;
}

const eventWords = {
  queued: { en: "taken into the queue", ja: "キューに入りました" },
  passed: { en: "passed on to", ja: "次へ渡しました:" },
  delivered: { en: "delivered by", ja: "配達しました:" },
  deferred: { en: "put off:", ja: "延期されました:" },
  bounced: { en: "given up:", ja: "配送をあきらめました:" },
} as const satisfies Record<MailEvent["kind"], Text>;

const secondsWidth = 9;
const queueIdWidth = 12;

/** One thing that happened to a mail: when since the hand-over, where, under which number, what. */
export function renderMailEvent(event: MailEvent, speak: Speak): string {
  const { host, queueId, kind, sinceStartMs, attempt } = event;
  const isGood = kind === "passed" || kind === "delivered";
  const rest =
    attempt === undefined ? "" : isGood ? ` ${attempt.relay} (${attempt.reason})` : ` ${attempt.reason}`;
  const seconds = `+${formatMs(sinceStartMs)}`.padStart(secondsWidth);
  return `${seconds}  ${host}  ${queueId.padEnd(queueIdWidth)} ${speak(eventWords[kind])}${rest}`;
}

/** How a mail that arrived got there: its name, where it lies, how long each hop took. */
export function renderSent(result: Omit<SendResult, "error">, speak: Speak): string {
  const { messageId, from, to, mailbox, hops, totalMs } = result;
  const where = mailbox ?? to;
  const times = hops.map(({ host, durationMs }) => `${host} ${formatMs(durationMs)}`).join(", ");
  return [
    speak({
      en: `From ${from} to ${to}: it lies in ${where}.`,
      ja: `${from}から${to}へ: ${where}に届いています。`,
    }),
    speak({
      en: `It took ${formatMs(totalMs)}; in each queue: ${times}.`,
      ja: `所要時間 ${formatMs(totalMs)}、各キュー: ${times}`,
    }),
    `Message-ID: ${messageId}`,
  ].join("\n");
}

function formatMs(durationMs: number): string {
  return `${(durationMs / 1000).toFixed(3)} s`;
}
