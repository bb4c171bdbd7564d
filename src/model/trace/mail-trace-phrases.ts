import type { TraceClient, TraceTls } from "./mail-trace.ts";
import { sameText, type Text } from "../text.ts";

/** An event in words: one sentence, and what is to be said of it besides, a line each. */
export interface EventWords {
  readonly what: Text;
  readonly more: readonly Text[];
}

const tlsWords: Readonly<Record<TraceTls, Text>> = {
  on: { en: ", encrypted (TLS)", ja: "（TLSで暗号化）" },
  off: { en: ", in clear: without TLS", ja: "（TLSなし、平文）" },
  unknown: { en: "", ja: "" },
};

/** Whether a connection was encrypted, as the end of a sentence; nothing where nobody knows. */
export function tlsEnding(tls: TraceTls): Text {
  return tlsWords[tls];
}

/** Who talks to a server: a machine of the lab, or one outside of it. */
export function clientWords({ node, name, address }: TraceClient): Text {
  const known = name === "unknown" ? address : `${name} ${address}`;
  if (node !== undefined) return sameText(`${node} (${known})`);
  return { en: `a program outside the lab (${known})`, ja: `ラボの外のプログラム（${known}）` };
}
