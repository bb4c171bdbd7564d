import { clientWords, tlsEnding, type EventWords } from "./mail-trace-phrases.ts";
import type { TraceEvent, TraceSource } from "./mail-trace.ts";
import { sameText, type Text } from "../text.ts";

/** How a mail came into a queue, in words. */
export function sourceWords(event: Extract<TraceEvent, { readonly kind: "queued" }>): EventWords {
  const { source, from, sizeBytes, recipientCount } = event;
  const facts =
    from === undefined
      ? []
      : [sameText(`from=<${from}>, size=${sizeBytes ?? 0}, nrcpt=${recipientCount ?? 0}`)];
  return {
    what: arrivalWords(source, event.isNotification === true),
    more: [...passwordWords(source), ...facts],
  };
}

function arrivalWords(source: TraceSource, isNotification: boolean): Text {
  if (source.via === "local") {
    const who = source.user === undefined ? `uid ${source.uid}` : `${source.user} (uid ${source.uid})`;
    return {
      en: `handed to sendmail by ${who} on this host: no network, no login`,
      ja: `このホストの${who}がsendmailに渡しました（ネットワークも認証も使いません）`,
    };
  }
  if (source.via === "postfix") {
    return isNotification
      ? { en: "Postfix puts its own mail into the queue", ja: "Postfix自身のメールがキューに入りました" }
      : { en: "into the queue once more, sent on by Postfix", ja: "Postfixが転送し、再びキューに入りました" };
  }
  const { client, login, tls } = source;
  const who = clientWords(client);
  const auth =
    login === undefined
      ? { en: ", without login", ja: "、認証なし" }
      : {
          en: `, logged in as ${login.username} (${login.method})`,
          ja: `、${login.username}として認証済み（${login.method}）`,
        };
  const encrypted = tlsEnding(tls);
  return {
    en: `taken by SMTP from ${who.en}${auth.en}${encrypted.en}`,
    ja: `${who.ja}からSMTPで受信${auth.ja}${encrypted.ja}`,
  };
}

/** PLAIN and LOGIN send the password as it is; only TLS hides it. */
function passwordWords(source: TraceSource): readonly Text[] {
  if (source.via !== "smtp" || source.login === undefined || source.tls !== "off") return [];
  if (!/^(?:PLAIN|LOGIN)$/i.test(source.login.method)) return [];
  return [
    {
      en: "The password went over the network readable.",
      ja: "パスワードは、ネットワーク上をそのまま読める形で流れました。",
    },
  ];
}
