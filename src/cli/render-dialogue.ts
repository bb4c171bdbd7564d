import { styleText } from "node:util";
import type { ConversationEnd, DialogueEntry } from "../model/capture/mail-dialogue.ts";
import type { LoginMeaning, Speaker } from "../model/capture/spoken-login.ts";
import type { Text } from "../model/text.ts";
import type { Speak } from "./language.ts";

const speakers: Readonly<Record<Speaker, string>> = { client: "C:", server: "S:" };
const sides = {
  client: { en: "client", ja: "クライアント" },
  server: { en: "server", ja: "サーバー" },
} as const satisfies Record<Speaker, Text>;

const closes = {
  closed: { en: "closed", ja: "終了" },
  reset: { en: "broken off (RST)", ja: "強制切断（RST）" },
  refused: { en: "refused: nobody listens at this port", ja: "接続拒否（このポートで待つプログラムがない）" },
  "no-answer": { en: "nobody answered", ja: "応答なし" },
  open: { en: "still open when the capture ended", ja: "記録の終了時点で接続中" },
} as const satisfies Record<Extract<DialogueEntry, { kind: "closed" }>["how"], Text>;

/** One entry as a line of the terminal: whose conversation, who says it, what. */
export function renderDialogue(entry: DialogueEntry, speak: Speak): string {
  const number = `[${entry.conversation}]`;
  switch (entry.kind) {
    case "opened":
      return styleText("bold", `${number} ${opening(entry, speak)}`);
    case "line":
      return `${number} ${speakers[entry.from]} ${entry.text}${cut(entry.cutBytes, speak)}`;
    case "meaning":
      return styleText("red", `${number}    ↳ ${meaningOf(entry.meaning, speak)}`);
    case "encrypted":
      return note(number, {
        en: "from here on encrypted (TLS): nobody on the way can read it",
        ja: "ここから先はTLSで暗号化（途中の人には読めない）",
      });
    case "left-out":
      return note(number, {
        en: `… ${entry.lines} more lines of the ${sides[entry.from].en} …`,
        ja: `…（${sides[entry.from].ja}の${entry.lines}行を省略）…`,
      });
    case "missing":
      return note(number, {
        en: `${entry.bytes} bytes of the ${sides[entry.from].en} were not captured`,
        ja: `${sides[entry.from].ja}の${entry.bytes}バイトは記録できていない`,
      });
    case "closed":
      return note(number, {
        en: `${closes[entry.how].en}${encrypted(entry.encryptedBytes).en}`,
        ja: `${closes[entry.how].ja}${encrypted(entry.encryptedBytes).ja}`,
      });
  }

  function note(label: string, text: Text): string {
    return styleText("dim", `${label} -- ${speak(text)}`);
  }
}

function opening(entry: Extract<DialogueEntry, { kind: "opened" }>, speak: Speak): string {
  const { atMs, protocol, client, server, isFromMiddle } = entry;
  const time = new Date(atMs).toISOString().slice(11, 23);
  const since = isFromMiddle
    ? speak({ en: " (open before the capture began)", ja: "（記録の開始前から接続中）" })
    : "";
  return `${time} ${protocol} ${nameOf(client, speak)} → ${nameOf(server, speak)}${since}`;
}

function nameOf({ node, address, port }: ConversationEnd, speak: Speak): string {
  return `${node ?? speak({ en: "outside", ja: "外" })} (${address}:${port})`;
}

function cut(bytes: number, speak: Speak): string {
  return bytes === 0 ? "" : speak({ en: ` … (${bytes} more bytes)`, ja: ` …（あと${bytes}バイト）` });
}

function encrypted({ client, server }: Readonly<Record<Speaker, number>>): Text {
  if (client + server === 0) return { en: "", ja: "" };
  return {
    en: `; encrypted: ${client} bytes of the client, ${server} of the server`,
    ja: `（暗号化された部分: クライアント${client}バイト、サーバー${server}バイト）`,
  };
}

function meaningOf(meaning: LoginMeaning, speak: Speak): string {
  switch (meaning.kind) {
    case "credentials":
      return speak({
        en: `user “${meaning.user}”, password “${meaning.password}”: readable by anybody on the way`,
        ja: `ユーザー「${meaning.user}」、パスワード「${meaning.password}」（途中の誰にでも読める）`,
      });
    case "user":
      return speak({ en: `user “${meaning.user}”`, ja: `ユーザー「${meaning.user}」` });
    case "password":
      return speak({
        en: `password “${meaning.password}”: readable by anybody on the way`,
        ja: `パスワード「${meaning.password}」（途中の誰にでも読める）`,
      });
    case "question":
      return speak({ en: `it asks: “${meaning.text}”`, ja: `質問:「${meaning.text}」` });
    case "digest":
      return speak({
        en: `“${meaning.text}”: worked out from the password, which isn't in it`,
        ja: `「${meaning.text}」（パスワードから計算した値。パスワードそのものは含まない）`,
      });
  }
}
