import { enabledCheck, restartedCheck, runningCheck, type ServiceRule } from "../service-checks.ts";

const rule: ServiceRule = {
  step: "6.04",
  service: "postfix",
  name: "Postfix",
  needs: ["6.04/syntax", "6.02/inet_interfaces"],
  stopByHand: "postfix stop",
  after: ["6.02/mydomain", "6.02/mynetworks", "6.03/smtpd_sasl_auth_enable"],
  // A reload takes over everything but the addresses that Postfix listens on, which the check "listening" looks at.
  reloadedMs: ({ seen }) =>
    seen.mailLog?.findLast(
      ({ program, message }) => program === "postfix/master" && message.startsWith("reload "),
    )?.atMs,
};

/** Postfix runs. */
export const postfixRunning = runningCheck(rule);
/** Postfix runs with main.cf as it is now. */
export const postfixRestarted = restartedCheck(rule);
/** Postfix starts at boot. */
export const postfixEnabled = enabledCheck(rule);
