import { clientWords, tlsEnding, type EventWords } from "./mail-trace-phrases.ts";
import type { TraceDelays, TraceEvent } from "./mail-trace.ts";
import type { Text } from "../text.ts";

type EventOf<Kind extends TraceEvent["kind"]> = Extract<TraceEvent, { readonly kind: Kind }>;

/** Where the time went: Postfix's `delays=a/b/c/d` (postconf(5), delay_logging_resolution_limit). */
export function delayWords(delays: TraceDelays | undefined): readonly Text[] {
  if (delays === undefined) return [];
  const { totalSeconds, beforeQueueManager, inQueueManager, connecting, transmitting } = delays;
  return [
    {
      en: `delay ${totalSeconds} s: ${beforeQueueManager} before the queue manager, ${inQueueManager} in it, ${connecting} connecting (DNS, TLS), ${transmitting} handing over`,
      ja: `遅延 ${totalSeconds} 秒: キューマネージャーまで ${beforeQueueManager}、その中 ${inQueueManager}、接続（DNS・TLS） ${connecting}、受け渡し ${transmitting}`,
    },
  ];
}

/** What the DNS server says now. */
export function answerWords({ answersNow, answeredMs }: EventOf<"asked-dns">): readonly Text[] {
  if (answersNow.length === 0 || answeredMs === undefined) return [];
  const answers = answersNow
    .map(
      ({ name, type, code, records }) =>
        `${type} ${name} = ${records.length === 0 ? code : records.join(", ")}`,
    )
    .join("; ");
  return [
    {
      en: `asked now, the server says: ${answers} (its answer at the time isn't recorded)`,
      ja: `今問い合わせた答え: ${answers}（当時の答えは記録されていません）`,
    },
  ];
}

const countWords: readonly (readonly [name: string, words: (count: number) => Text])[] = [
  ["retr", (count) => ({ en: `fetched ${count} mails`, ja: `${count}通を取得` })],
  ["del", (count) => ({ en: `deleted ${count}`, ja: `${count}通を削除` })],
  ["body_count", (count) => ({ en: `fetched the text of ${count} mails`, ja: `${count}通の本文を取得` })],
  ["expunged", (count) => ({ en: `removed ${count}`, ja: `${count}通を消去` })],
];

/** A visit to the mailbox: who, from where, what Dovecot counted. */
export function visitWords(event: EventOf<"mailbox-visited">): EventWords {
  const { protocol, user, client, method, tls, endMs, counts } = event;
  const from = clientWords(client);
  const name = protocol.toUpperCase();
  const counted = countWords.flatMap(([key, words]) =>
    counts[key] === undefined ? [] : [words(counts[key])],
  );
  const ending: Text =
    endMs === undefined
      ? { en: "still logged in, or its end isn't logged", ja: "まだ接続中か、終了の記録がありません" }
      : { en: counted.map(({ en }) => en).join(", "), ja: counted.map(({ ja }) => ja).join("、") };
  const encrypted = tlsEnding(tls);
  return {
    what: {
      en: `${user} logs in by ${name} from ${from.en} (${method})${encrypted.en}`,
      ja: `${user}が${from.ja}から${name}でログイン（${method}）${encrypted.ja}`,
    },
    more: [
      ...(ending.en === "" ? [] : [{ en: `Dovecot: ${ending.en}`, ja: `Dovecot: ${ending.ja}` }]),
      ...(event.loginMs < event.atMs
        ? [
            {
              en: "This login was there before the mail came.",
              ja: "このログインはメールの到着前からのものです。",
            },
          ]
        : []),
      { en: "Which mails these were isn't logged.", ja: "どのメールかは記録されません。" },
    ],
  };
}
