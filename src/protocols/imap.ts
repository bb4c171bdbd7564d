import { ImapFlow, type MailboxLockObject } from "imapflow";
import { sameText, type Text } from "../model/text.ts";
import { Deadline } from "./deadline.ts";
import { describeCause, passwordHint, protocolError, statusHint } from "./protocol-error.ts";

/** Where to read mail by IMAP, and as whom. */
export interface ImapTarget {
  host: string;
  port: number;
  user: string;
  password: string;
  /** `INBOX` unless given. */
  mailbox?: string;
  /** Time for the login and for each request; 30 s unless given. */
  deadlineMs?: number;
  signal?: AbortSignal;
}

/** What a mailbox's list shows of a message. */
export interface ImapEntry {
  uid: number;
  /** With its angle brackets, as in the header. */
  messageId: string | undefined;
  subject: string | undefined;
  sizeBytes: number;
  flags: string[];
}

const ANSWER_BUDGET_MS = 30_000;

/**
 * Logs in by IMAP with a plain password, without encryption, and opens a mailbox.
 *
 * @throws LabError `LAB_IMAP_NO_ANSWER`, `LAB_IMAP_AUTH_REFUSED`
 */
export async function openMailbox(target: ImapTarget): Promise<ImapMailbox> {
  const { host, port, user, password, mailbox = "INBOX" } = target;
  const budgetMs = target.deadlineMs ?? ANSWER_BUDGET_MS;
  const client = new ImapFlow({
    host,
    port,
    secure: false,
    doSTARTTLS: false,
    auth: { user, pass: password },
    logger: false,
    disableAutoIdle: true,
  });
  client.on("error", () => undefined); // the pending request fails with it too
  const deadline = new Deadline(budgetMs, target.signal);
  try {
    await deadline.race(client.connect());
    const lock = await deadline.race(client.getMailboxLock(mailbox));
    return new ImapMailbox(client, lock, target, budgetMs);
  } catch (cause) {
    client.close();
    const isRefused = isAuthRefusal(cause);
    throw protocolError({
      code: isRefused ? "LAB_IMAP_AUTH_REFUSED" : "LAB_IMAP_NO_ANSWER",
      what: {
        en: `opening ${mailbox} of ${user} by IMAP`,
        ja: `${user} の ${mailbox} を IMAP で開く操作`,
      },
      where: `${host}:${port}`,
      observed: isRefused ? sameText(cause.responseText ?? cause.message) : describeCause(cause),
      ...(isRefused ? {} : { budgetMs }),
      hint: isRefused ? passwordHint : statusHint,
      cause,
    });
  }
}

/** Whether imapflow says that the server refused the login; not every one of these errors has its class for it. */
function isAuthRefusal(cause: unknown): cause is Error & { responseText?: string } {
  return cause instanceof Error && "authenticationFailed" in cause && cause.authenticationFailed === true;
}

/** An opened mailbox. Close it with `await using`. */
export class ImapMailbox implements AsyncDisposable {
  readonly #client: ImapFlow;
  readonly #lock: MailboxLockObject;
  readonly #target: ImapTarget;
  readonly #budgetMs: number;

  constructor(client: ImapFlow, lock: MailboxLockObject, target: ImapTarget, budgetMs: number) {
    this.#client = client;
    this.#lock = lock;
    this.#target = target;
    this.#budgetMs = budgetMs;
  }

  /** Every message of the mailbox, oldest first. */
  async list(): Promise<ImapEntry[]> {
    const query = { uid: true, envelope: true, size: true, flags: true };
    const messages = await this.#ask(
      { en: "listing the mailbox", ja: "メールの一覧" },
      this.#client.fetchAll("1:*", query),
    );
    return messages.map(({ uid, envelope, size, flags }) => ({
      uid,
      messageId: envelope?.messageId,
      subject: envelope?.subject,
      sizeBytes: size ?? 0,
      flags: [...(flags ?? [])],
    }));
  }

  /** A message as it lies in the mailbox, found by its Message-ID, or `undefined` where it is not there. */
  async fetchByMessageId(messageId: string): Promise<Buffer | undefined> {
    const what = { en: `looking for ${messageId}`, ja: `${messageId} の検索` };
    // another program may have delivered since the mailbox was opened
    await this.#ask(what, this.#client.noop());
    const criteria = { header: { "message-id": messageId } };
    const found = await this.#ask(what, this.#client.search(criteria, { uid: true }));
    const uid = found === undefined || found === false ? undefined : found[0];
    return uid === undefined ? undefined : await this.fetchSource(uid);
  }

  /** A message as it lies in the mailbox, or `undefined` where it is not there. */
  async fetchSource(uid: number): Promise<Buffer | undefined> {
    const request = this.#client.fetchOne(String(uid), { source: true }, { uid: true });
    const message = await this.#ask({ en: `fetching message ${uid}`, ja: `メール ${uid} の取得` }, request);
    return message === false ? undefined : message.source;
  }

  /** Logs out. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#lock.release();
    const deadline = new Deadline(this.#budgetMs);
    await deadline.race(this.#client.logout()).catch(() => undefined);
    this.#client.close();
  }

  async #ask<T>(what: Text, answer: Promise<T>): Promise<T> {
    const deadline = new Deadline(this.#budgetMs, this.#target.signal);
    try {
      return await deadline.race(answer);
    } catch (cause) {
      this.#client.close();
      const where = `${this.#target.host}:${this.#target.port}`;
      const observed = describeCause(cause);
      const budget = deadline.isOver ? { budgetMs: this.#budgetMs } : {};
      throw protocolError({ code: "LAB_IMAP_NO_ANSWER", what, where, observed, cause, ...budget });
    }
  }
}
