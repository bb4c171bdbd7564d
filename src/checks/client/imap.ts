import { loginCheck } from "./login.ts";

/** Users can log in by IMAP. */
export const imap = loginCheck({
  id: "6.12/imap",
  title: { en: "login by IMAP", ja: "IMAPでのログイン" },
  protocol: "IMAP",
  port: 143,
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
  probesOf: ({ probes }) => probes.imap,
  where: ({ host }) => `telnet 127.0.0.1 ${host.ports.imap}`,
});
