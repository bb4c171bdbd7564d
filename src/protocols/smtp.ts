import { createTransport, type SMTPSentMessageInfo } from "nodemailer";
import { LabError } from "../model/lab-error.ts";
import { Deadline } from "./deadline.ts";
import { type LineTarget, openSocket } from "./line-connection.ts";
import { describeCause, protocolError } from "./protocol-error.ts";

/** A message with the addresses that the servers go by. */
export interface SmtpMessage {
  /** Envelope sender; the empty string for the null sender. */
  from: string;
  /** Envelope recipients. */
  to: readonly string[];
  /** The message as it shall arrive, headers and body. */
  raw: Buffer;
}

/** A login by password. */
export interface SmtpLogin {
  user: string;
  password: string;
}

const SENDING_BUDGET_MS = 20_000;

/**
 * Hands a message to a server as a mail program set to "no encryption" and "normal password" does.
 *
 * @returns the server's last reply, such as `250 2.0.0 Ok: queued as 3DF257A3D`
 * @throws LabError `LAB_SMTP_NO_ANSWER`, `LAB_SMTP_AUTH_REFUSED`, `LAB_SMTP_REFUSED`
 */
export async function sendMail(
  target: LineTarget & { auth?: SmtpLogin },
  message: SmtpMessage,
): Promise<string> {
  const where = `${target.host}:${target.port}`;
  const deadline = new Deadline(target.deadlineMs ?? SENDING_BUDGET_MS, target.signal);
  const socket = await openSocket("SMTP", { deadlineMs: SENDING_BUDGET_MS, ...target });
  const { auth } = target;
  const transport = createTransport({
    connection: socket,
    name: "localhost",
    secure: false,
    ignoreTLS: true,
    ...(auth === undefined ? {} : { auth: { user: auth.user, pass: auth.password } }),
  });
  const envelope = { from: message.from, to: [...message.to], use8BitMime: true };
  try {
    const sending: Promise<SMTPSentMessageInfo> = transport.sendMail({ envelope, raw: message.raw });
    const { response, rejected } = await deadline.race(sending);
    if (rejected.length > 0) {
      const refused = rejected.map(String).join(", ");
      throw new LabError("LAB_SMTP_REFUSED", {
        en: `refused for ${refused}`,
        ja: `${refused} 宛が拒否されました`,
      });
    }
    return response;
  } catch (cause) {
    throw protocolError({
      code: codeOf(cause),
      what: {
        en: `sending a message from <${message.from}> to <${message.to.join(">, <")}>`,
        ja: `<${message.from}> から <${message.to.join(">, <")}> へのメール送信`,
      },
      where,
      observed: describeCause(cause),
      ...(deadline.isOver ? { budgetMs: deadline.budgetMs } : {}),
      hint: {
        en: "See the server's own words: ./lab exec HOST -- sudo tail -n 50 /var/log/mail.log",
        ja: "サーバーのログを見る: ./lab exec HOST -- sudo tail -n 50 /var/log/mail.log",
      },
      cause,
    });
  } finally {
    socket.destroy();
  }
}

function codeOf(cause: unknown): `LAB_${string}` {
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  if (code === "EAUTH") return "LAB_SMTP_AUTH_REFUSED";
  if (code === "LAB_SMTP_REFUSED") return code;
  return code === "EENVELOPE" || code === "EMESSAGE" ? "LAB_SMTP_REFUSED" : "LAB_SMTP_NO_ANSWER";
}
