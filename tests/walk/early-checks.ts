import type { CheckId } from "../../src/checks/check.ts";

/**
 * Single checks that pass before their own step is done, since what they look at is right by then already; their step
 * does not pass before its time, because of its other checks. Each with the step after which it passes.
 */
export const earlyChecks: Readonly<Partial<Record<CheckId, string>>> = {
  // The package's own configuration: the alias database, an empty queue, Dovecot as Debian and Ubuntu have it.
  "6.05/aliases": "6.01",
  "6.07/queue": "6.01",
  "6.08/mail_location": "6.01",
  "6.08/mail_privileged_group": "6.01",
  "6.11/syntax": "6.01",
  // The package starts and enables Postfix; there is nothing to judge before main.cf is touched.
  "6.04/syntax": "6.02",
  "6.04/running": "6.02",
  "6.04/relay": "6.02",
  "6.04/enabled": "6.02",
  "6.13/log": "6.02",
  // What the check's own mail needs; that a person has sent one is what the step waits for.
  "6.07/mailbox": "6.05",
  "6.07/delivery": "6.05",
  // The package starts and enables Dovecot; there is nothing to judge before its files are touched.
  "6.11/running": "6.08",
  "6.11/enabled": "6.08",
  // Postfix asks Dovecot since 6.03; that a person has used a client is what the step waits for.
  "6.12/smtp-auth": "6.08",
  "6.12/imap": "6.11",
  "6.12/pop3": "6.11",
};
