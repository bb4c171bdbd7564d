import type { Check } from "../check.ts";
import { notYet, passed, wrong } from "../verdict.ts";
import { notInstalled, valueAsWritten } from "./parameter.ts";

/** The mail name that the installation asks for: what Postfix puts behind the @ of a sender without one. */
export const mailName: Check = {
  id: "6.01/mailname",
  title: { en: "the mail name is the domain", ja: "メール名（System mail name）" },
  needs: ["6.01/packages"],
  judge: ({ host, seen, others }) => {
    if (seen.postfix === undefined) return notInstalled(host.domain);
    const origin = seen.postfix.effective["myorigin"] ?? valueAsWritten(seen.postfix, "myorigin") ?? "";
    const isFromFile = origin.startsWith("/");
    const name = isFromFile ? seen.mailName : origin;
    if (name?.toLowerCase() === host.domain) {
      return isFromFile
        ? passed()
        : passed({
            en: `main.cf sets myorigin = ${origin} itself; the packages take it from /etc/mailname.`,
            ja: `main.cfの myorigin = ${origin} で決まっています（通常は /etc/mailname です）。`,
          });
    }
    const failure = {
      observed: name ?? { en: "no mail name", ja: "メール名がありません" },
      expected: host.domain,
      where: isFromFile ? "/etc/mailname:1" : "postconf myorigin",
      hint: {
        en: `Answers to mail from here would go to addresses at ${name ?? "…"}: write ${host.domain} into /etc/mailname.`,
        ja: `このままでは差出人が「@${name ?? "…"}」になり、返信が届きません。/etc/mailname に ${host.domain} と書きます。`,
      },
    };
    if (name === undefined) return notYet({ ...failure, cause: "mail-name-wrong" });
    const isForeign = others.some((other) => other.host.domain === name.toLowerCase());
    return wrong({ ...failure, cause: isForeign ? "value-of-other-host" : "mail-name-wrong" });
  },
};
