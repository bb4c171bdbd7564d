import { isMainCfUntouched, parameterCheck } from "./parameter.ts";

/** `mydomain`: the domain that mail addresses end in. */
export const mydomain = parameterCheck({
  step: "6.02",
  name: "mydomain",
  title: { en: "mydomain is the mail domain", ja: "mydomain（メールサーバーのドメイン名）" },
  bookValue: ({ domain }) => domain,
  isUntouched: isMainCfUntouched,
  judge: (value, { host }) =>
    value.toLowerCase() === host.domain
      ? { isRight: true }
      : {
          isRight: false,
          cause: "value-wrong",
          hint: {
            en: `The domain is what stands behind the @ of the host's addresses: ${host.domain}.`,
            ja: `ドメインは、このホストのメールアドレスの@より後ろ（${host.domain}）です。`,
          },
        },
});
