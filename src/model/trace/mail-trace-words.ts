import { sourceWords } from "./mail-trace-source-words.ts";
import { answerWords, delayWords, visitWords } from "./mail-trace-details.ts";
import { clientWords, tlsEnding, type EventWords } from "./mail-trace-phrases.ts";
import type { MailboxFinding, TraceEvent, TraceReason, TraceRelay, TraceTls } from "./mail-trace.ts";
import { sameText, type Text } from "../text.ts";

/** Says what an event is. Addresses and reasons are as the log has them: whoever shows them makes them harmless. */
export function describeTraceEvent(event: TraceEvent): EventWords {
  const { what, more } = wordsOf(event);
  if (event.isNotification !== true) return { what, more };
  return {
    what: { en: `(notification) ${what.en}`, ja: `（通知メール）${what.ja}` },
    more,
  };
}

function wordsOf(event: TraceEvent): EventWords {
  switch (event.kind) {
    case "queued":
      return sourceWords(event);
    case "asked-dns":
      return askedWords(event);
    case "passed":
      return {
        what: passedWords(event.relay, event.tls, event.nextQueueId),
        more: [...aliasWords(event), ...delayWords(event.delays)],
      };
    case "forwarded":
      return {
        what: {
          en: `an alias or a .forward of ${event.to} sends it on: as ${event.nextQueueId}`,
          ja: `${event.to}の別名（alias）か.forwardによって転送、新しいキューIDは${event.nextQueueId}`,
        },
        more: aliasWords(event),
      };
    case "delivered":
      return { what: deliveredWords(event), more: [...aliasWords(event), ...delayWords(event.delays)] };
    case "deferred":
      return {
        what: {
          en: `put off for ${event.to}: it stays in the queue, and Postfix tries again`,
          ja: `${event.to}宛は延期: キューに残り、Postfixが後で再送します`,
        },
        more: [...reasonWords(event.reason), ...delayWords(event.delays)],
      };
    case "bounced":
      return {
        what: { en: `given up for ${event.to}`, ja: `${event.to}宛の配送をあきらめました` },
        more: [...reasonWords(event.reason), ...delayWords(event.delays)],
      };
    case "expired":
      return {
        what: { en: "given up: it has waited too long", ja: "期限切れのため、配送をあきらめました" },
        more: reasonWords(event.reason),
      };
    case "refused":
      return refusedWords(event);
    case "login-failed":
      return loginFailedWords(event);
    case "notified":
      return { what: notifiedWords[event.about](event.nextQueueId), more: [] };
    case "deleted":
      return {
        what: {
          en: "the administrator deletes it from the queue (postsuper)",
          ja: "管理者がキューから削除しました（postsuper）",
        },
        more: [],
      };
    case "mailbox-visited":
      return visitWords(event);
    case "mailbox-looked-at":
      return { what: findingWords(event.user, event.finding), more: [] };
  }
}

type EventOf<Kind extends TraceEvent["kind"]> = Extract<TraceEvent, { readonly kind: Kind }>;

/** Why, what that means, what to do next. */
export function reasonWords({ dsn, said, meaning, next }: TraceReason): readonly Text[] {
  const code = dsn === undefined ? "" : `${dsn} `;
  return [
    sameText(`${code}“${said}”`),
    { en: `That is: ${meaning.en}.`, ja: `つまり: ${meaning.ja}。` },
    { en: `Look next: ${next.en}`, ja: `次に見るもの: ${next.ja}` },
  ];
}

function serverWords({ said, host }: TraceRelay): string {
  return host === undefined ? said : `${host} (${said})`;
}

function passedWords(relay: TraceRelay, tls: TraceTls, nextQueueId: string | undefined): Text {
  const server = serverWords(relay);
  const there =
    nextQueueId === undefined
      ? { en: "", ja: "" }
      : { en: `; its number there: ${nextQueueId}`, ja: `、相手側のキューID: ${nextQueueId}` };
  return {
    en: `passed on to ${server}${tlsEnding(tls).en}${there.en}`,
    ja: `${server}へ渡しました${tlsEnding(tls).ja}${there.ja}`,
  };
}

function deliveredWords({ to, into, where }: EventOf<"delivered">): Text {
  const place = where ?? "";
  return {
    mailbox: { en: `delivered to the mailbox of ${to}`, ja: `${to}のメールボックスに配達しました` },
    maildir: { en: `delivered to the Maildir of ${to}`, ja: `${to}のMaildirに配達しました` },
    command: { en: `given to the command ${place}`, ja: `コマンドに渡しました: ${place}` },
    file: { en: `written to the file ${place}`, ja: `ファイルに書き込みました: ${place}` },
    server: { en: "delivered", ja: "配達しました" },
  }[into];
}

function aliasWords({
  to,
  originalTo,
}: {
  readonly to: string;
  readonly originalTo?: string;
}): readonly Text[] {
  if (originalTo === undefined || originalTo === to) return [];
  return [
    {
      en: `It was written to ${originalTo}, which leads to ${to}.`,
      ja: `元の宛先は${originalTo}、そこから${to}へ送られます。`,
    },
  ];
}

function askedWords(event: EventOf<"asked-dns">): EventWords {
  const { domain, questions, isLogged, used } = event;
  const asked = [...new Set(questions.map(({ name, type }) => `${type} ${name}`))].join(", ");
  const what = !isLogged
    ? {
        en: `looks in DNS for the mail host of ${domain}; the DNS server's log of questions can't be read`,
        ja: `${domain}のメールサーバーをDNSで調べます（DNSサーバーの質問の記録は読めません）`,
      }
    : asked === ""
      ? {
          en: `the DNS server's log has no question about ${domain} at this time`,
          ja: `この時刻に${domain}についての問い合わせは、DNSサーバーの記録にありません`,
        }
      : { en: `asks the DNS server: ${asked}?`, ja: `DNSサーバーに問い合わせ: ${asked}` };
  const chosen =
    used === undefined
      ? []
      : [{ en: `Postfix then went to ${used}.`, ja: `その結果、Postfixは${used}へ向かいました。` }];
  return { what, more: [...chosen, ...answerWords(event)] };
}

function refusedWords({ by, at, from, to, reason, host }: EventOf<"refused">): EventWords {
  const envelope = [from === undefined ? "" : ` from=<${from}>`, to === undefined ? "" : ` to=<${to}>`].join(
    "",
  );
  const what =
    by.via === "local"
      ? {
          en: `sendmail on ${host} refuses the mail of ${by.user ?? String(by.uid)}: no queue ever had it`,
          ja: `${host}のsendmailが${by.user ?? String(by.uid)}のメールを受け付けませんでした。キューには入っていません`,
        }
      : {
          en: `refuses a mail from ${clientWords(by.client).en} at ${at}${tlsEnding(by.tls).en}:${envelope}`,
          ja: `${clientWords(by.client).ja}からのメールを${at}の段階で拒否${tlsEnding(by.tls).ja}:${envelope}`,
        };
  return { what, more: reasonWords(reason) };
}

function loginFailedWords({ client, method, username, reason }: EventOf<"login-failed">): EventWords {
  const who = username === undefined ? { en: "", ja: "" } : { en: ` as ${username}`, ja: `（${username}）` };
  return {
    what: {
      en: `${clientWords(client).en} could not log in${who.en} by ${method}; no mail was handed over by this`,
      ja: `${clientWords(client).ja}のSMTP認証（${method}）が失敗しました${who.ja}。この認証ではメールは渡されていません`,
    },
    more: reasonWords(reason),
  };
}

const notifiedWords: Readonly<Record<EventOf<"notified">["about"], (queueId: string) => Text>> = {
  "non-delivery": (queueId) => ({
    en: `writes to the sender that it could not be delivered: the bounce is ${queueId}`,
    ja: `配送できなかったことを差出人に通知します（バウンスメール ${queueId}）`,
  }),
  delay: (queueId) => ({
    en: `writes to the sender that it is delayed: ${queueId}`,
    ja: `遅れていることを差出人に通知します（${queueId}）`,
  }),
  delivery: (queueId) => ({
    en: `writes to the sender that it was delivered: ${queueId}`,
    ja: `配送したことを差出人に通知します（${queueId}）`,
  }),
};

function findingWords(user: string, finding: MailboxFinding): Text {
  if (finding.is === "gone") {
    return {
      en: `now in none of ${user}'s mailboxes: deleted, or moved elsewhere; by whom isn't recorded`,
      ja: `現在、${user}のどのメールボックスにもありません。削除されたか移動されました（誰がしたかは記録されません）`,
    };
  }
  if (finding.is === "unknown") {
    return {
      en: `the mailbox of ${user} wasn't looked into (${finding.why}); the log says only that the mail went there`,
      ja: `${user}のメールボックスは確認していません（${finding.why}）。ログで分かるのは配達したことだけです`,
    };
  }
  const { path, state } = finding;
  return {
    new: {
      en: `now in ${path}, new: no mail program has noted that it showed it`,
      ja: `現在 ${path} にあり、未読です（メールソフトが表示した印はありません）`,
    },
    seen: {
      en: `now in ${path}: a mail program has listed it, and has not noted that it was read (Status: O)`,
      ja: `現在 ${path} にあります。一覧には出ましたが、読んだ印はありません（Status: O）`,
    },
    read: {
      en: `now in ${path}, marked as read by the mail program that showed it (Status: R)`,
      ja: `現在 ${path} にあり、既読の印が付いています（Status: R）`,
    },
  }[state];
}
