import { loginCheck } from "./login.ts";

/** Users can log in by POP3. */
export const pop3 = loginCheck({
  id: "6.12/pop3",
  title: { en: "login by POP3", ja: "POP3でのログイン" },
  protocol: "POP3",
  port: 110,
  needs: [
    "6.01/packages",
    "6.11/running",
    "6.11/syntax",
    "6.11/restarted",
    "6.05/account",
    "6.09/disable_plaintext_auth",
    "6.10/ssl",
    "6.08/mail_location",
  ],
  probesOf: ({ probes }) => probes.pop3,
  where: ({ host }) => `telnet 127.0.0.1 ${host.ports.pop3}`,
});
