import type { Check } from "../check.ts";
import { notYet, passed, wrong } from "../verdict.ts";

/** The mail log is written. */
export const mailLog: Check = {
  id: "6.13/log",
  title: { en: "the mail log is written", ja: "メールログ（/var/log/mail.log）" },
  needs: ["foundation/disk"],
  after: ["6.02/mydomain", "6.02/mynetworks", "6.03/smtpd_sasl_auth_enable"],
  judge: ({ seen, probes }) => {
    const { startedMs } = seen.services.postfix;
    const { activeState } = seen.services.rsyslog;
    const failure = {
      expected: { en: "/var/log/mail.log, written by rsyslog", ja: "rsyslogが書く /var/log/mail.log" },
      where: "ls -l /var/log/mail.log; systemctl status rsyslog",
      hint: { en: "sudo systemctl restart rsyslog", ja: "sudo systemctl restart rsyslog" },
    };
    if (activeState !== "active") {
      return wrong({ ...failure, cause: "service-stopped", observed: `rsyslog ${activeState}` });
    }
    if (seen.mailLog === undefined) {
      const observed = { en: "there is no /var/log/mail.log", ja: "/var/log/mail.logがありません" };
      return startedMs === undefined
        ? notYet({ ...failure, cause: "log-missing", observed })
        : wrong({ ...failure, cause: "log-missing", observed });
    }
    const { crossing } = probes;
    if (crossing?.outcome === "good" && crossing.isLogged === false) {
      const observed = {
        en: "a mail went out, and the log does not know of it",
        ja: "メールを送信したのに、ログに記録がありません",
      };
      return wrong({ ...failure, cause: "log-missing", observed });
    }
    return passed();
  },
};
