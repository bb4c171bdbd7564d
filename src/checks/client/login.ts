import type { Text } from "../../model/text.ts";
import type { Check, CheckId, Verdict } from "../check.ts";
import type { Probe, Scene } from "../observation.ts";
import { notYet, passed, wrong } from "../verdict.ts";

/** A way in which a mail client logs in. */
export interface LoginRule {
  readonly id: CheckId;
  readonly title: Text;
  /** The protocol's name, as it is written in a text. */
  readonly protocol: string;
  readonly port: number;
  readonly needs: Check["needs"] & {};
  readonly probesOf: (scene: Scene) => Readonly<Record<string, Probe>>;
  /** How a person looks at it. */
  readonly where: (scene: Scene) => string;
}

/** What a login to Dovecot stands on, by IMAP as by POP3. */
export const dovecotNeeds: Check["needs"] & {} = [
  "6.01/packages",
  "6.11/running",
  "6.11/syntax",
  "6.11/restarted",
  "6.05/account",
  "6.09/disable_plaintext_auth",
  "6.10/ssl",
  "6.08/mail_location",
];

const hints: Partial<Record<Probe["outcome"], Text>> = {
  "plaintext-refused": {
    en: "See disable_plaintext_auth in 10-auth.conf and ssl in 10-ssl.conf, then restart Dovecot.",
    ja: "10-auth.confのdisable_plaintext_authと10-ssl.confのsslを確認し、Dovecotを再起動します。",
  },
  "login-refused": {
    en: "The password was not taken: ./lab passwords shows the lab's, /var/log/mail.log the reason.",
    ja: "パスワードが受け付けられません。ラボのものは ./lab passwords、理由は /var/log/mail.log で確認します。",
  },
  "login-not-offered": {
    en: "Postfix offers no AUTH: see the parameters of step 6.03, then restart Postfix.",
    ja: "PostfixがAUTHを提示していません。6.03の設定を確認し、Postfixを再起動します。",
  },
  "relay-refused": {
    en: "The login works, and Postfix does not send on: see permit_sasl_authenticated in the restrictions.",
    ja: "認証はできますが、外部宛の送信が拒否されます。permit_sasl_authenticated を確認します。",
  },
};

/** A check that every user can log in so, from outside of the host and without encryption. */
export function loginCheck({ id, title, protocol, port, needs, probesOf, where }: LoginRule): Check {
  return {
    id,
    title,
    after: ["6.08/mail_access_groups", "6.09/disable_plaintext_auth", "6.10/ssl"],
    needs,
    judge: (scene): Verdict => {
      const { users } = scene.host;
      const probes = probesOf(scene);
      const expected = {
        en: `${users.join(", ")} can log in by ${protocol} on port ${port}, without encryption`,
        ja: `${users.join("、")}が${protocol}（${port}番、暗号化なし）でログインできる`,
      };
      for (const user of users) {
        const probe = probes[user];
        if (probe?.outcome === "good") continue;
        if (probe === undefined) {
          return notYet({
            cause: "not-listening",
            observed: {
              en: `nobody answers on port ${port} yet, or there is no ${user}`,
              ja: `${port}番で待ち受けがないか、${user}がまだありません`,
            },
            expected,
            where: "ss -ltn",
            hint: { en: "First the steps before.", ja: "先に前の手順を行います。" },
          });
        }
        return wrong({
          cause: probe.outcome,
          observed: `${user}: ${probe.words}`,
          expected,
          where: where(scene),
          hint: hints[probe.outcome] ?? {
            en: "/var/log/mail.log on the host says why.",
            ja: "理由はホストの /var/log/mail.log にあります。",
          },
        });
      }
      return passed();
    },
  };
}
