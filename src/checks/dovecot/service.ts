import { enabledCheck, restartedCheck, runningCheck, type ServiceRule } from "../service-checks.ts";

const rule: ServiceRule = {
  step: "6.11",
  service: "dovecot",
  name: "Dovecot",
  needs: ["6.11/syntax"],
  stopByHand: "doveadm stop",
  after: ["6.08/mail_access_groups", "6.09/disable_plaintext_auth", "6.10/ssl"],
  reloadedMs: ({ seen }) =>
    seen.mailLog?.findLast(
      ({ program, message }) => program === "dovecot" && message.includes("SIGHUP received"),
    )?.atMs,
};

/** Dovecot runs. */
export const dovecotRunning = runningCheck(rule);
/** Dovecot runs with its files as they are now. */
export const dovecotRestarted = restartedCheck(rule);
/** Dovecot starts at boot. */
export const dovecotEnabled = enabledCheck(rule);
