import { buildMessage, type MessageContent } from "../../src/protocols/message.ts";
import { sendMail } from "../../src/protocols/smtp.ts";
import { addressOf, type HostUnderTest, LOOPBACK, passwordOf, userOf } from "./lab-under-test.ts";

/** A message on its way. */
export interface SentMail {
  messageId: string;
  raw: Buffer;
  /** The number under which the first host has queued it. */
  queueId: string;
}

/** Sends a message as a mail program does: by the sender's host and with the sender's password. */
export async function sendAsUser(
  from: HostUnderTest,
  to: string,
  content: Partial<Pick<MessageContent, "subject" | "body">> = {},
): Promise<SentMail> {
  const sender = addressOf(from);
  const { messageId, raw } = buildMessage({ from: sender, to, subject: "test", body: "test\n", ...content });
  const user = userOf(from);
  const reply = await sendMail(
    { host: LOOPBACK, port: from.ports.smtp, auth: { user, password: passwordOf(user) } },
    { from: sender, to: [to], raw },
  );
  const [, queueId] = /queued as (\w+)/.exec(reply) ?? [];
  if (queueId === undefined) throw new Error(`"${reply}" names no queue id`);
  return { messageId, raw, queueId };
}
