import { stepsOfStage } from "../course/stage.ts";
import { deliveryIn } from "../model/mail/mail-log.ts";
import type { QueueStay } from "../model/mail/queue-stays.ts";
import { othersMailsIn } from "./crossing.ts";
import { ownSessionBytes } from "./login-probes.ts";
import type { Scene } from "./observation.ts";

/*
 * What the logs say that a person has done since the host was made. The check's own traces do not count: its mails
 * have a Message-ID of their own kind, its IMAP sessions a length of their own, and it never logs in by POP3 to the
 * end nor asks DNS with dig's cookie.
 */

/** Whether the lab itself has brought the host past a step, so that nobody had to do it by hand. */
export function isAppliedByStage({ host }: Scene, step: string): boolean {
  return stepsOfStage(host.stage).some(({ id }) => id === step);
}

/**
 * Whether a mail that this host's user handed to Postfix on this host, as `mail` does, went to the peer's user's
 * mailbox; by the queue ids in both logs.
 */
export function hasSentByHand({ host, seen, peer }: Scene): boolean {
  const peerMails = othersMailsIn(peer.seen?.mailLog ?? []);
  const uids = host.users.flatMap((user) => seen.accounts[user]?.uid ?? []);
  const recipients = peer.host.users.map((user) => `${user}@${peer.host.domain}`);
  return othersMailsIn(seen.mailLog ?? []).some(({ lines, messageId }) => {
    const isByUser = lines.some(
      ({ program, message }) =>
        program === "postfix/pickup" && uids.some((uid) => message.startsWith(`uid=${uid} `)),
    );
    if (!isByUser) return false;
    const nextIds = lines.flatMap((line) => {
      const attempt = deliveryIn(line);
      return attempt?.status === "sent" && recipients.includes(attempt.to) ? (attempt.nextQueueId ?? []) : [];
    });
    return peerMails.some(
      (mail) => nextIds.includes(mail.queueId) && mail.messageId === messageId && isDelivered(mail),
    );
  });
}

function isDelivered({ lines }: QueueStay): boolean {
  return lines.some((line) => {
    const attempt = deliveryIn(line);
    return attempt?.status === "sent" && attempt.nextQueueId === undefined;
  });
}

/** Sessions younger than this may be the check's own, of which the end is not in the log yet. */
const youngSessionMs = 3000;

/** Whether one of the host's users has read mail with a client, by IMAP or POP3. */
export function hasReadByClient({ host, seen }: Scene): boolean {
  const log = (seen.mailLog ?? []).filter(({ program }) => program === "dovecot");
  const own = new Set(
    log.flatMap(({ message }) => {
      const [, session, size] = /^imap\([^)]*\)<\d+><([^>]+)>: .*\bin=(\d+) /.exec(message) ?? [];
      return session !== undefined && Number(size) === ownSessionBytes ? [session] : [];
    }),
  );
  const ended = new Set(
    log.flatMap(
      ({ message }) =>
        /^imap\([^)]*\)<\d+><([^>]+)>: (?:Disconnected|Connection closed)/.exec(message)?.[1] ?? [],
    ),
  );
  return log.some(({ message, atMs }) => {
    const [, service, user, session] =
      /^(imap|pop3)-login: Login: user=<([^>]+)>.*session=<([^>]+)>/.exec(message) ?? [];
    if (user === undefined || session === undefined || !host.users.includes(user)) return false;
    if (service === "pop3") return true;
    return !own.has(session) && (ended.has(session) || seen.atMs - atMs > youngSessionMs);
  });
}

/** Whether one of the host's users has sent mail with a client that logged in. */
export function hasSentByClient({ host, seen }: Scene): boolean {
  return othersMailsIn(seen.mailLog ?? []).some(({ lines }) =>
    lines.some(({ message }) =>
      host.users.some((user) => new RegExp(`sasl_username=${user}(@|$)`).test(message)),
    ),
  );
}

/** Whether somebody on this host has asked the lab's DNS server with dig, since the host was made. */
export function hasAskedWithDig({ host, dns, createdMs }: Scene): boolean | undefined {
  return dns.questions?.some(
    ({ atMs, client, flags }) =>
      atMs >= (createdMs ?? 0) && client === host.address && flags.startsWith("+E(0)K"),
  );
}
