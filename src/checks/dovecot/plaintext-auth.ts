import { settingCheck } from "./setting.ts";

/** `disable_plaintext_auth`: a password is taken on a connection without encryption. */
export const plaintextAuth = settingCheck({
  step: "6.09",
  name: "disable_plaintext_auth",
  title: { en: "passwords are taken without encryption", ja: "disable_plaintext_auth（平文の認証を許可）" },
  file: "/etc/dovecot/conf.d/10-auth.conf",
  bookValue: "no",
  judge: (value) => ({
    isRight: false,
    cause: "plaintext-refused",
    hint: {
      en: `With ${value} Dovecot refuses a password on a connection that is not encrypted.`,
      ja: `${value} では、暗号化していない接続でのパスワード認証が拒否されます。`,
    },
  }),
});
