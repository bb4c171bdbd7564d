import { loginCheck } from "./login.ts";

/** Users can log in on port 25 and then send to other domains. */
export const smtpAuth = loginCheck({
  id: "6.12/smtp-auth",
  title: { en: "login by SMTP, and sending on", ja: "SMTP認証での送信" },
  protocol: "SMTP",
  port: 25,
  needs: [
    "foundation/zone",
    "foundation/resolver",
    "foundation/disk",
    // The published port goes the way that the other hosts' mail goes.
    "foundation/port-25@others",
    "6.01/packages",
    "6.02/mydomain",
    "6.02/mydestination",
    "6.04/running",
    "6.04/syntax",
    "6.04/listening",
    "6.11/running",
    "6.11/syntax",
    "6.11/restarted",
    "6.05/account",
    "6.03/smtpd_sasl_auth_enable",
    "6.03/smtpd_sasl_type",
    "6.03/smtpd_sasl_path",
    "6.03/auth-socket",
    "6.03/smtpd_recipient_restrictions",
  ],
  probesOf: ({ probes }) => probes.smtpAuth,
  where: ({ host }) => `telnet 127.0.0.1 ${host.ports.smtp}`,
});
