import { createTransport } from "nodemailer";
import type { LabHost } from "../../src/lab/stack/lab-outputs.ts";
import { openMailbox } from "../../src/protocols/imap.ts";
import { makeMessageId } from "../../src/protocols/message.ts";
import { waitUntil } from "../../src/protocols/wait-until.ts";
import { LOOPBACK } from "../support/lab-under-test.ts";

/** How Thunderbird greets at the textbook's address for the client. */
const greeting = "[192.168.1.122]";
const arrivalDeadlineMs = 400_000;
const answerDeadlineMs = 120_000;

/** A mail that a client has handed to its server. */
export interface ClientMail {
  /** With its angle brackets. */
  readonly messageId: string;
  /** The number under which the server has queued it. */
  readonly queueId: string;
}

/**
 * A mail client set up as the textbook sets up Thunderbird: IMAP and SMTP without connection security, a normal
 * password, the account's name alone as user name. It comes from outside of the hosts, by the published ports.
 */
export class MailClient {
  readonly #host: LabHost;
  readonly #user: string;
  readonly #password: string;

  constructor(host: LabHost, user: string, password: string) {
    this.#host = host;
    this.#user = user;
    this.#password = password;
  }

  get address(): string {
    return `${this.#user}@${this.#host.domain}`;
  }

  /** Sends the chapter's test mail, its headers in Thunderbird's order. */
  async send(to: string): Promise<ClientMail> {
    const user = this.#user;
    const messageId = makeMessageId(this.address);
    const subject = Buffer.from("テストメール").toString("base64");
    const lines = [
      `Message-ID: ${messageId}`,
      `Date: ${new Date().toUTCString().replace("GMT", "+0000")}`,
      "MIME-Version: 1.0",
      "User-Agent: Mozilla Thunderbird",
      "Content-Language: en-US",
      `To: ${to}`,
      `From: ${user} <${this.address}>`,
      `Subject: =?UTF-8?B?${subject}?= from ${user}`,
      "Content-Type: text/plain; charset=UTF-8; format=flowed",
      "Content-Transfer-Encoding: 8bit",
      ...["", `テストメール(from ${user})です`, ""],
    ];
    const transport = createTransport({
      ...{ host: LOOPBACK, port: this.#host.ports.smtp, name: greeting, secure: false, ignoreTLS: true },
      ...{ auth: { user, pass: this.#password }, socketTimeout: answerDeadlineMs },
    });
    try {
      const { response } = await transport.sendMail({
        envelope: { from: this.address, to: [to], use8BitMime: true },
        raw: Buffer.from(`${lines.join("\r\n")}\r\n`),
      });
      const [, queueId] = /queued as (\w+)/.exec(response) ?? [];
      if (queueId === undefined) throw new Error(`"${response}" names no queue id`);
      return { messageId, queueId };
    } finally {
      transport.close();
    }
  }

  /** Waits until a mail is in the inbox, and gives it as it lies there. */
  async receive(described: string, isAwaited: (source: string) => boolean): Promise<string> {
    const awaited = `${described} in the inbox of ${this.address}, by IMAP`;
    return await waitUntil({ awaited, deadlineMs: arrivalDeadlineMs, intervalMs: 300 }, async () => {
      await using mailbox = await openMailbox({
        ...{ host: LOOPBACK, port: this.#host.ports.imap, user: this.#user, password: this.#password },
        deadlineMs: answerDeadlineMs,
      });
      for (const { uid } of (await mailbox.list()).toReversed()) {
        const source = (await mailbox.fetchSource(uid))?.toString() ?? "";
        if (isAwaited(source)) return source;
      }
      return undefined;
    });
  }
}
