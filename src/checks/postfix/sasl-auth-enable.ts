import { parameterCheck } from "./parameter.ts";

/** `smtpd_sasl_auth_enable`: clients may log in. */
export const saslAuthEnable = parameterCheck({
  step: "6.03",
  name: "smtpd_sasl_auth_enable",
  title: { en: "SMTP authentication is on", ja: "smtpd_sasl_auth_enable（SMTP認証）" },
  bookValue: () => "yes",
  judge: (value) =>
    value.toLowerCase() === "yes"
      ? { isRight: true }
      : {
          isRight: false,
          cause: "value-wrong",
          hint: {
            en: "Without yes no client can log in.",
            ja: "yesにしないと、クライアントは認証できません。",
          },
        },
});
