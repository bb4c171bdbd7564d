import { dovecotNeeds, loginCheck } from "./login.ts";

/** Users can log in by IMAP. */
export const imap = loginCheck({
  id: "6.12/imap",
  title: { en: "login by IMAP", ja: "IMAPでのログイン" },
  protocol: "IMAP",
  port: 143,
  needs: dovecotNeeds,
  probesOf: ({ probes }) => probes.imap,
  where: ({ host }) => `telnet 127.0.0.1 ${host.ports.imap}`,
});
