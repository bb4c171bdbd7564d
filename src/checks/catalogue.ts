import { account } from "./accounts/account.ts";
import { aliases } from "./accounts/aliases.ts";
import { mailutils } from "./accounts/mailutils.ts";
import type { Check } from "./check.ts";
import { clientByPerson } from "./client/by-person.ts";
import { imap } from "./client/imap.ts";
import { pop3 } from "./client/pop3.ts";
import { smtpAuth } from "./client/smtp-auth.ts";
import { mailAccessGroups, mailPrivilegedGroup } from "./dovecot/mail-groups.ts";
import { mailLocation } from "./dovecot/mail-location.ts";
import { plaintextAuth } from "./dovecot/plaintext-auth.ts";
import { dovecotEnabled, dovecotRestarted, dovecotRunning } from "./dovecot/service.ts";
import { ssl } from "./dovecot/ssl.ts";
import { dovecotSyntax } from "./dovecot/syntax.ts";
import { clock } from "./foundation/clock.ts";
import { disk } from "./foundation/disk.ts";
import { login } from "./foundation/login.ts";
import { port25 } from "./foundation/port-25.ts";
import { resolver } from "./foundation/resolver.ts";
import { zone } from "./foundation/zone.ts";
import { sentByPerson } from "./mail/by-person.ts";
import { delivery } from "./mail/delivery.ts";
import { mailbox } from "./mail/mailbox.ts";
import { queue } from "./mail/queue.ts";
import { authSocket } from "./postfix/auth-socket.ts";
import { inetInterfaces } from "./postfix/inet-interfaces.ts";
import { listening } from "./postfix/listening.ts";
import { mailName } from "./postfix/mail-name.ts";
import { mydestination } from "./postfix/mydestination.ts";
import { mydomain } from "./postfix/mydomain.ts";
import { myhostname } from "./postfix/myhostname.ts";
import { mynetworks } from "./postfix/mynetworks.ts";
import { serverPackages } from "./postfix/packages.ts";
import { recipientRestrictions } from "./postfix/recipient-restrictions.ts";
import { relay } from "./postfix/relay.ts";
import { saslAuthEnable } from "./postfix/sasl-auth-enable.ts";
import { saslPath } from "./postfix/sasl-path.ts";
import { saslType } from "./postfix/sasl-type.ts";
import { postfixEnabled, postfixRestarted, postfixRunning } from "./postfix/service.ts";
import { syntax } from "./postfix/syntax.ts";
import { dig } from "./troubleshooting/dig.ts";
import { mailLog } from "./troubleshooting/mail-log.ts";

/** What comes before every step. */
export const foundation = "foundation";

/** Every check, in the chapter's order: the foundation first. */
export const catalogue: readonly Check[] = [
  login,
  zone,
  resolver,
  clock,
  disk,
  port25,
  serverPackages,
  mailName,
  myhostname,
  mydomain,
  inetInterfaces,
  mydestination,
  mynetworks,
  saslAuthEnable,
  saslType,
  saslPath,
  authSocket,
  recipientRestrictions,
  syntax,
  postfixRunning,
  postfixRestarted,
  listening,
  relay,
  postfixEnabled,
  account,
  aliases,
  mailutils,
  mailbox,
  delivery,
  queue,
  sentByPerson,
  mailLocation,
  mailPrivilegedGroup,
  mailAccessGroups,
  plaintextAuth,
  ssl,
  dovecotSyntax,
  dovecotRunning,
  dovecotRestarted,
  dovecotEnabled,
  imap,
  pop3,
  smtpAuth,
  clientByPerson,
  mailLog,
  dig,
];
