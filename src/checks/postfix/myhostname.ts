import { isMainCfUntouched, parameterCheck } from "./parameter.ts";

/** `myhostname`: the name by which the MTA greets and that DNS knows. */
export const myhostname = parameterCheck({
  step: "6.02",
  name: "myhostname",
  title: { en: "myhostname is the mail host's name", ja: "myhostname（メールサーバーのホスト名）" },
  bookValue: ({ mailName }) => mailName,
  isUntouched: isMainCfUntouched,
  judge: (value, { host }) => {
    if (value.toLowerCase() === host.mailName) return { isRight: true };
    if (value.toLowerCase() === `${host.name}.${host.domain}`) {
      return {
        isRight: true,
        note: {
          en: `${value} is in DNS too; the book names the host ${host.mailName}.`,
          ja: `${value} もDNSにあるので動作します。教科書では ${host.mailName} です。`,
        },
      };
    }
    return {
      isRight: false,
      cause: "value-wrong",
      hint: {
        en: "The name has to be the one that the MX record of the domain points to.",
        ja: "ドメインのMXレコードが指す名前にします。",
      },
    };
  },
});
