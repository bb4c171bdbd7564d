import { settingCheck } from "./setting.ts";

/** `ssl`: the exercise does without encryption. */
export const ssl = settingCheck({
  step: "6.10",
  name: "ssl",
  title: { en: "Dovecot does without SSL/TLS", ja: "ssl（SSL/TLSを使わない）" },
  file: "/etc/dovecot/conf.d/10-ssl.conf",
  bookValue: "no",
  packageValues: ["yes"],
  judge: (value) =>
    value === "required"
      ? {
          isRight: false,
          cause: "ssl-required",
          hint: {
            en: "With required no password is taken on a plain connection.",
            ja: "requiredでは、暗号化していない接続でログインできません。",
          },
        }
      : {
          isRight: false,
          cause: "value-wrong",
          hint: { en: "The values are yes, no, required.", ja: "値は yes、no、required のどれかです。" },
        },
});
