import type { Check } from "../check.ts";
import { notYet, passed, wrong } from "../verdict.ts";

/** A mail of the check's own from this host's user arrives in the other host's user's mailbox. */
export const delivery: Check = {
  id: "6.07/delivery",
  title: { en: "mail from here arrives at the other host", ja: "相手のホストへメールが届く" },
  after: ["6.05/account"],
  needs: [
    "6.01/packages",
    "6.01/packages@others",
    // sendmail stops where the file that myorigin names is not there.
    "6.01/mailname",
    "6.01/mailname@others",
    "6.05/account",
    "6.05/account@others",
    "6.04/running",
    "6.04/running@others",
    "6.04/syntax",
    "6.04/syntax@others",
    "6.04/listening",
    "6.04/listening@others",
    // A host that has the other's name takes the other's mail for its own, or its greeting for a loop.
    "6.02/myhostname",
    "6.02/myhostname@others",
    "6.02/mydomain",
    "6.02/mydomain@others",
    "6.02/mydestination",
    "6.02/mydestination@others",
    "6.02/mynetworks",
    "6.03/smtpd_recipient_restrictions@others",
    // Without the socket that it is told to ask at, smtpd does not answer at all.
    "6.03/smtpd_sasl_type@others",
    "6.03/smtpd_sasl_path@others",
    "6.03/auth-socket@others",
    "6.11/syntax@others",
    "6.11/running@others",
    "6.11/restarted@others",
    "6.05/aliases@others",
    "6.07/mailbox@others",
    "foundation/zone@others",
    "foundation/resolver",
    "foundation/resolver@others",
    "foundation/disk",
    "foundation/disk@others",
    "foundation/port-25",
    "foundation/login@others",
  ],
  judge: ({ host, probes, peer }) => {
    const from = `${host.users[0] ?? ""}@${host.domain}`;
    const to = `${peer.host.users[0] ?? ""}@${peer.host.domain}`;
    const expected = { en: `a mail ${from} → ${to} arrives`, ja: `${from} → ${to} のメールが届く` };
    const { crossing } = probes;
    if (crossing === undefined) {
      return notYet({
        cause: "mail-not-taken",
        observed: { en: "no mail could be sent yet", ja: "まだメールを送れる状態ではありません" },
        expected,
        where: "systemctl status postfix",
        hint: {
          en: "First steps 6.01 to 6.05, on both hosts.",
          ja: "両方のホストで6.01から6.05までを先に行います。",
        },
      });
    }
    if (crossing.outcome === "good") {
      if (crossing.words === "") return passed();
      return passed({
        en: `It arrived; the check could not take its own mail ${crossing.messageId} out of ${to}'s mailbox: ${crossing.words}`,
        ja: `届きましたが、check自身のメール ${crossing.messageId} を${to}のメールボックスから取り除けませんでした: ${crossing.words}`,
      });
    }
    const ids = crossing.queueIds.map(({ host: name, queueId }) => `${name} ${queueId}`).join(", ");
    const last = crossing.queueIds.at(-1) ?? { host: host.name, queueId: "" };
    return wrong({
      cause: crossing.outcome,
      observed: {
        en: `${outcomes[crossing.outcome].en}${crossing.words === "" ? "" : `: ${crossing.words}`}${ids === "" ? "" : ` (${ids})`}`,
        ja: `${outcomes[crossing.outcome].ja}${crossing.words === "" ? "" : `: ${crossing.words}`}${ids === "" ? "" : `（${ids}）`}`,
      },
      expected,
      where: `${last.host}: sudo grep ${last.queueId === "" ? "postfix" : last.queueId} /var/log/mail.log`,
      hint: {
        en: "The log on this host says where it went, the other host's whether it came.",
        ja: "このホストのログで送り先を、相手のホストのログで到着を確かめます。",
      },
    });
  },
};

const outcomes = {
  "mail-not-taken": { en: "Postfix did not take it", ja: "Postfixが受け付けません" },
  "mail-deferred": { en: "put off", ja: "保留になりました" },
  "mail-bounced": { en: "refused", ja: "拒否されました" },
  "mail-stuck": { en: "it stays in the queue, and nothing is tried", ja: "キューに入ったまま動きません" },
  "mail-lost": {
    en: "it left the queue, and lies in no mailbox",
    ja: "キューからは出ましたが、メールボックスにありません",
  },
} as const;
