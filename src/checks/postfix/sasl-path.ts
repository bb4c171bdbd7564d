import type { PostfixObservation } from "../observation.ts";
import { parameterCheck } from "./parameter.ts";

/** `smtpd_sasl_path`: the socket on which Postfix asks Dovecot. */
export const saslPath = parameterCheck({
  step: "6.03",
  name: "smtpd_sasl_path",
  title: { en: "Postfix asks at Dovecot's socket", ja: "smtpd_sasl_path（認証のソケット）" },
  bookValue: () => "private/auth",
  judge: (value, { seen }) => {
    const path = socketPathOf(seen.postfix, value);
    const listeners = Object.keys(seen.dovecot?.authListeners ?? {});
    if (listeners.includes(path)) {
      return {
        isRight: true,
        note: {
          en: `${value} is where Dovecot listens; the book's way is private/auth.`,
          ja: `${value} でDovecotが待ち受けているので動作します。教科書どおりなら private/auth です。`,
        },
      };
    }
    return {
      isRight: false,
      cause: "value-wrong",
      hint: {
        en: "The path is taken from Postfix's queue directory: private/auth is /var/spool/postfix/private/auth.",
        ja: "パスはPostfixのキューディレクトリからの相対で、private/auth は /var/spool/postfix/private/auth です。",
      },
    };
  },
});

/** The socket's path on the host: one that is not absolute begins at the queue directory. */
export function socketPathOf(postfix: PostfixObservation | undefined, path: string): string {
  const bare = path.replace(/^unix:/, "");
  return bare.startsWith("/")
    ? bare
    : `${postfix?.effective["queue_directory"] ?? "/var/spool/postfix"}/${bare}`;
}
