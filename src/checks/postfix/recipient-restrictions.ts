import { entriesOf, parameterCheck } from "./parameter.ts";

const refusals: ReadonlySet<string> = new Set([
  "reject_unauth_destination",
  "defer_unauth_destination",
  "reject",
  "defer",
]);

/** `smtpd_recipient_restrictions`: own network and whoever has logged in may send on, nobody else. */
export const recipientRestrictions = parameterCheck({
  step: "6.03",
  name: "smtpd_recipient_restrictions",
  title: {
    en: "only the lab and who has logged in may send on",
    ja: "smtpd_recipient_restrictions（中継の制限）",
  },
  bookValue: () => "permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination",
  judge: (value, { seen }) => {
    const entries = entriesOf(value.toLowerCase());
    const relay = entriesOf((seen.postfix?.effective["smtpd_relay_restrictions"] ?? "").toLowerCase());
    const end = entries.findIndex((entry) => refusals.has(entry));
    const before = end < 0 ? entries : entries.slice(0, end);
    const isRelayGuarded = relay.some((entry) => refusals.has(entry)) && !isOpenBefore(relay);
    if (!isRelayGuarded && (end < 0 || isOpenBefore(entries))) {
      return {
        isRight: false,
        cause: "relay-open",
        hint: {
          en: "Nothing refuses mail of strangers to other domains: end the list with reject_unauth_destination.",
          ja: "外部から外部への中継が拒否されません。最後に reject_unauth_destination を書きます。",
        },
      };
    }
    if (!before.includes("permit_sasl_authenticated") && end >= 0) {
      return {
        isRight: false,
        cause: "authenticated-not-permitted",
        hint: {
          en: "permit_sasl_authenticated has to stand before the refusal.",
          ja: "拒否の前に permit_sasl_authenticated が必要です。",
        },
      };
    }
    if (!before.includes("permit_mynetworks") && end >= 0) {
      return {
        isRight: false,
        cause: "network-missing",
        hint: {
          en: "permit_mynetworks has to stand before the refusal, else the host may not send its own mail.",
          ja: "拒否の前に permit_mynetworks が必要です。ないと自分のネットワークから送信できません。",
        },
      };
    }
    return {
      isRight: true,
      note: {
        en: `${value} works as well; the lab's way is permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination.`,
        ja: `${value} でも動作します。例は permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination です。`,
      },
    };
  },
});

/** Whether everybody is let through before anything refuses. */
function isOpenBefore(entries: readonly string[]): boolean {
  const permit = entries.indexOf("permit");
  return permit >= 0 && !entries.slice(0, permit).some((entry) => refusals.has(entry));
}
