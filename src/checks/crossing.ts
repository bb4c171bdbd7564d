import { randomUUID } from "node:crypto";
import { deliveryIn, parseMailLog, type MailLogLine } from "../model/mail/mail-log.ts";
import { readStays, type QueueStay } from "../model/mail/queue-stays.ts";
import type { HostLogin } from "./host-login.ts";
import type { CrossingObservation, HostObservation } from "./observation.ts";

/** Time for one of the two scripts, each of which looks for the mail for some four seconds, or longer on a busy machine. */
const scriptDeadlineMs = 25_000;

/** The domain part of the Message-IDs of the check's own mails; no mail of a person has it. */
const ownDomain = "check.mail-lab.invalid";

/** Whether a mail is the check's own. */
export function isOwnMessageId(messageId: string): boolean {
  return messageId.endsWith(`@${ownDomain}`);
}

/**
 * The mails in a host's log that are not the check's own. One without the line that has its Message-ID does not count:
 * the journal may lose a line on its way to the log.
 */
export function othersMailsIn(log: readonly MailLogLine[]): readonly QueueStay[] {
  return readStays(log).filter(({ messageId }) => messageId !== undefined && !isOwnMessageId(messageId));
}

/** One end of the way that the check's mail takes. */
export interface CrossingEnd {
  readonly login: HostLogin;
  readonly seen: HostObservation;
  readonly user: string;
}

/** Sends one mail of the check's own from a host's user to another host's, follows it, and takes it away again. */
export async function crossMail(from: CrossingEnd, to: CrossingEnd): Promise<CrossingObservation> {
  const bareId = `${randomUUID()}@${ownDomain}`;
  const messageId = `<${bareId}>`;
  const recipient = `${to.user}@${to.login.host.domain}`;
  const common = { to: recipient, receivingHost: to.login.host.name, messageId };

  const sent = outputOf(
    await from.login.runAsRoot(
      "send-across",
      [from.user, recipient, messageId, String(from.seen.mailLogBytes)],
      { deadlineMs: scriptDeadlineMs },
    ),
    from.login.host.name,
  );
  const sending = { ...common, isLogged: sent.log.length > 0 };
  const [taken = "", state = ""] = (sent.words[0] ?? "").split(" ");
  const sentLines = linesOf(sent.log, bareId);
  const sentId = sentLines[0]?.queueId;
  const queueIds = sentId === undefined ? [] : [{ host: from.login.host.name, queueId: sentId }];
  if (taken !== "0") {
    const words = sent.words.slice(1).join(" ").trim();
    return { ...sending, queueIds, outcome: "mail-not-taken", words };
  }
  const attempt = lastAttempt(sentLines);
  if (state !== "left" || attempt?.status === "bounced" || attempt?.status === "undeliverable") {
    const words = attempt?.reason ?? "";
    if (attempt?.status === "bounced") return { ...sending, queueIds, outcome: "mail-bounced", words };
    return { ...sending, queueIds, outcome: attempt === undefined ? "mail-stuck" : "mail-deferred", words };
  }

  const back = outputOf(
    await to.login.runAsRoot(
      "take-back",
      [to.user, messageId, String(to.seen.mailLogBytes), to.seen.mailboxes[to.user]?.stamp || "missing"],
      { deadlineMs: scriptDeadlineMs },
    ),
    to.login.host.name,
  );
  const backLines = linesOf(back.log, bareId);
  const backId = backLines[0]?.queueId ?? attempt?.nextQueueId;
  if (backId !== undefined) queueIds.push({ host: to.login.host.name, queueId: backId });
  const [where = ""] = back.words;
  if (where === "found" || where === "maildir") return { ...sending, queueIds, outcome: "good", words: "" };
  // It has arrived, and lies there still: somebody holds the mailbox's lock.
  if (where.startsWith("kept ")) return { ...sending, queueIds, outcome: "good", words: where.slice(5) };
  const last = lastAttempt(backLines);
  const words = last?.reason ?? where;
  if (last?.status === "bounced") return { ...sending, queueIds, outcome: "mail-bounced", words };
  if (last?.status === "deferred") return { ...sending, queueIds, outcome: "mail-deferred", words };
  return { ...sending, queueIds, outcome: where === "hold" ? "mail-stuck" : "mail-lost", words };
}

function outputOf(
  { stdout, stderr }: { readonly stdout: string; readonly stderr: string },
  host: string,
): { readonly words: readonly string[]; readonly log: readonly MailLogLine[] } {
  const [head = "", log = ""] = stdout.split("\n-- log\n");
  const words = head.split("\n").filter((line) => line !== "");
  return { words: words.length > 0 ? words : [stderr.trim()], log: parseMailLog(host, log) };
}

/** The lines of the check's mail in this log. */
function linesOf(log: readonly MailLogLine[], bareId: string): readonly MailLogLine[] {
  return readStays(log).find(({ messageId }) => messageId === bareId)?.lines ?? [];
}

function lastAttempt(lines: readonly MailLogLine[]) {
  return lines.flatMap((line) => deliveryIn(line) ?? []).at(-1);
}
