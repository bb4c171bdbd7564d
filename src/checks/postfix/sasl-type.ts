import { parameterCheck } from "./parameter.ts";

/** `smtpd_sasl_type`: who verifies the passwords. */
export const saslType = parameterCheck({
  step: "6.03",
  name: "smtpd_sasl_type",
  title: { en: "Dovecot verifies the passwords for Postfix", ja: "smtpd_sasl_type（認証の方式）" },
  bookValue: () => "dovecot",
  judge: (value) =>
    value.toLowerCase() === "dovecot"
      ? { isRight: true }
      : {
          isRight: false,
          cause: "value-wrong",
          hint: {
            en: "In this lab Dovecot alone can verify passwords.",
            ja: "この実習でパスワードを確認できるのはDovecotだけです。",
          },
        },
});
