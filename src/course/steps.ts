import type { Step } from "./step.ts";
import { clientSteps } from "./steps/client.ts";
import { dovecotSteps } from "./steps/dovecot.ts";
import { mailCommandSteps } from "./steps/mail-command.ts";
import { postfixSteps } from "./steps/postfix.ts";

/** The chapter, in its order: the one description of what is done to a host, from the packages to the client. */
export const steps: readonly Step[] = [...postfixSteps, ...mailCommandSteps, ...dovecotSteps, ...clientSteps];
