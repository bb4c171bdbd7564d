import { LabError, exitCode } from "../../model/lab-error.ts";
import type { MailEvent } from "../../model/mail/mail-journey.ts";
import type { LabContext } from "../lab-context.ts";
import type { LabHost } from "../stack/lab-outputs.ts";

/** `--from` names no account of the lab. */
export function noSuchSender(from: string, hosts: readonly LabHost[]): LabError {
  const known = hosts.flatMap(({ name, users }) => users.map((user) => `${user}@${name}`)).join(", ");
  return new LabError(
    "LAB_USAGE",
    {
      en: `--from: “${from}” is no user of the lab at one of its hosts; there are ${known}.`,
      ja: `--from: 「${from}」はラボのユーザー@ホストではありません。あるのは${known}です。`,
    },
    {
      hint: {
        en: "./lab status lists hosts and users",
        ja: "./lab status でホストとユーザーの一覧が見られます",
      },
      exit: exitCode.usage,
    },
  );
}

/** `--to` is no mail address. */
export function notAnAddress(to: string): LabError {
  return new LabError(
    "LAB_USAGE",
    {
      en: `--to: “${to}” is no mail address such as user2@example2.test.`,
      ja: `--to: 「${to}」はuser2@example2.testのようなメールアドレスではありません。`,
    },
    {
      hint: { en: "./lab passwords lists the addresses", ja: "./lab passwords でアドレスの一覧が見られます" },
      exit: exitCode.usage,
    },
  );
}

/** Postfix put the mail off, or gave it up; its own words are the reason. */
export function mailWentWrong(context: LabContext, event: MailEvent, messageId: string): LabError {
  const { host, kind, attempt } = event;
  const reason = attempt?.reason ?? "";
  if (kind === "deferred") {
    return new LabError(
      "LAB_MAIL_DEFERRED",
      {
        en: `The mail waits in the queue of ${host}, which tries again later: ${reason}`,
        ja: `メールは${host}のキューで待っています（後で再送されます）: ${reason}`,
      },
      { details: detailsOf(event), hint: logsHint(context, messageId) },
    );
  }
  return new LabError(
    "LAB_MAIL_BOUNCED",
    {
      en: `${host} gave the mail up and told its sender: ${reason}`,
      ja: `${host}は配送をあきらめ、送信者に通知しました: ${reason}`,
    },
    { details: detailsOf(event), hint: logsHint(context, messageId) },
  );
}

/** The mail was handed over and is in no queue. */
export function mailNotTaken(context: LabContext, host: LabHost, deadlineMs: number): LabError {
  return new LabError(
    "LAB_MAIL_NOT_TAKEN",
    {
      en: `${host.name} was given the mail, and its log has not said within ${deadlineMs / 1000} s that it is in the queue.`,
      ja: `${host.name}にメールを渡しましたが、${deadlineMs / 1000}秒たってもキューに入ったとログに出ません。`,
    },
    {
      hint: {
        en: `./lab status --stack ${context.stack} says whether Postfix and rsyslog run`,
        ja: `./lab status --stack ${context.stack} でPostfixとrsyslogの状態を確認`,
      },
    },
  );
}

/** The mail is in a queue, and neither delivered nor put off. */
export function mailOnItsWay(
  context: LabContext,
  { host, queueId }: MailEvent,
  messageId: string,
  deadlineMs: number,
): LabError {
  return new LabError(
    "LAB_MAIL_ON_ITS_WAY",
    {
      en: `After ${deadlineMs / 1000} s the mail is still on its way; ${host} had it last (${queueId}).`,
      ja: `${deadlineMs / 1000}秒たってもメールは配送中です。最後の場所は${host}（${queueId}）です。`,
    },
    { hint: logsHint(context, messageId) },
  );
}

function detailsOf({ host, queueId, attempt }: MailEvent): readonly string[] {
  if (attempt === undefined) return [];
  const { to, relay, dsn, status } = attempt;
  return [`${host} ${queueId}: to=<${to}>, relay=${relay}, dsn=${dsn}, status=${status}`];
}

function logsHint({ stack }: LabContext, messageId: string): { en: string; ja: string } {
  const command = `./lab logs --message '${messageId}' --stack ${stack}`;
  return { en: command, ja: command };
}
