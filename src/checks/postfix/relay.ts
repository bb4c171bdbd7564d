import type { Check } from "../check.ts";
import { passed, wrong } from "../verdict.ts";

/** Nobody from outside may send on by way of this host. */
export const relay: Check = {
  id: "6.04/relay",
  title: { en: "strangers are refused", ja: "外部からの中継の拒否" },
  needs: ["6.02/mynetworks", "6.03/smtpd_recipient_restrictions"],
  after: ["6.02/mydomain", "6.02/mynetworks", "6.03/smtpd_sasl_auth_enable"],
  judge: ({ probes }) => {
    const probe = probes.strangersRelay;
    // Where this machine can't be a stranger, mynetworks and the restrictions themselves are looked at.
    if (probe?.outcome !== "relay-open") return passed();
    return wrong({
      cause: "relay-open",
      observed: probe.words,
      expected: "454 4.7.1 … Relay access denied",
      where: "postconf smtpd_recipient_restrictions smtpd_relay_restrictions mynetworks",
      hint: {
        en: "Anybody can send mail through this host: see mynetworks and the restrictions.",
        ja: "だれでもこのホストを経由してメールを送れてしまいます。mynetworksと制限を見直します。",
      },
    });
  },
};
