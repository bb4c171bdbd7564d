import { dovecotNeeds, loginCheck } from "./login.ts";

/** Users can log in by POP3. */
export const pop3 = loginCheck({
  id: "6.12/pop3",
  title: { en: "login by POP3", ja: "POP3でのログイン" },
  protocol: "POP3",
  port: 110,
  needs: dovecotNeeds,
  probesOf: ({ probes }) => probes.pop3,
  where: ({ host }) => `telnet 127.0.0.1 ${host.ports.pop3}`,
});
