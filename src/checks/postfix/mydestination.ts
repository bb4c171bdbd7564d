import { entriesOf, isMainCfUntouched, parameterCheck } from "./parameter.ts";

/** `mydestination`: the domains whose mail is delivered here. */
export const mydestination = parameterCheck({
  step: "6.02",
  name: "mydestination",
  title: { en: "mail to the host's own domain is delivered here", ja: "mydestination（受信するドメイン）" },
  bookValue: () => "$mydomain",
  isUntouched: isMainCfUntouched,
  judge: (value, { host, others }) => {
    const entries = entriesOf(value.toLowerCase());
    const foreign = others.find((other) => entries.includes(other.host.domain));
    if (foreign !== undefined) {
      return {
        isRight: false,
        cause: "value-of-other-host",
        hint: {
          en: `Mail to ${foreign.host.domain} belongs to ${foreign.host.name}; with this entry it would never leave this host.`,
          ja: `${foreign.host.domain} 宛のメールは${foreign.host.name}のものです。このままでは外へ送られません。`,
        },
      };
    }
    if (!entries.includes(host.domain)) {
      return {
        isRight: false,
        cause: "own-domain-missing",
        hint: {
          en: `Mail to addresses at ${host.domain} would not be taken: write $mydomain.`,
          ja: `${host.domain} 宛のメールが受け取れません。$mydomain と書きます。`,
        },
      };
    }
    const more = entries.filter((entry) => entry !== host.domain);
    return more.length === 0
      ? { isRight: true }
      : {
          isRight: true,
          note: {
            en: `It also takes mail to ${more.join(", ")}; the book has $mydomain alone.`,
            ja: `${more.join(", ")} 宛も受け取ります。教科書では $mydomain だけです。`,
          },
        };
  },
});
