import type { Check } from "../check.ts";
import { hasAskedWithDig, isAppliedByStage } from "../person.ts";
import { notYet, passed, unknown } from "../verdict.ts";

/** Somebody has asked DNS with dig, as one does first when mail does not come. */
export const dig: Check = {
  id: "6.13/dig",
  title: { en: "somebody has asked DNS with dig", ja: "digでDNSを確かめた" },
  after: ["6.12/by-person"],
  judge: (scene) => {
    const { peer } = scene;
    if (isAppliedByStage(scene, "6.13")) return passed();
    const question = `dig ${peer.host.domain} mx`;
    const failure = {
      expected: {
        en: `a question with dig from this host, such as ${question}`,
        ja: `このホストからのdigの問い合わせ（例: ${question}）`,
      },
      where: question,
      hint: {
        en: `On this host: ${question}, then sudo tail /var/log/mail.log.`,
        ja: `このホストで ${question} を実行し、sudo tail /var/log/mail.log でログも確かめます。`,
      },
    };
    const hasAsked = hasAskedWithDig(scene);
    if (hasAsked === undefined) {
      return unknown({
        ...failure,
        observed: { en: "the DNS server's log can't be read", ja: "DNSサーバーのログが読めません" },
      });
    }
    return hasAsked
      ? passed()
      : notYet({
          ...failure,
          cause: "not-done-by-person",
          observed: { en: "no question with dig yet", ja: "digの問い合わせがまだありません" },
        });
  },
};
