import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { LabError, exitCode } from "../../model/lab-error.ts";
import { administrator } from "../../model/lab-secrets.ts";
import { quoteWord } from "../../model/quote-word.ts";
import { sameText } from "../../model/text.ts";
import { decodeHeads, decodeMailApart } from "../../protocols/decode-apart.ts";
import type { DecodedHead } from "../../protocols/decode-mail.ts";
import { onHost } from "../access/connect.ts";
import { hostNamed, type LabHost, type LabOutputs } from "../stack/lab-outputs.ts";
import type { ListedMail, Mailbox, MailboxContents, OpenedMail } from "./mailbox-contents.ts";

/** The newest ones that a list has. */
const mostListed = 200;
/** As much of a mail's head as is decoded for the list. */
const headBytes = 16 * 1024;
/** As much of a mail as is decoded, and as much of it as is shown as it is. */
const mostSourceBytes = 16 * 1024 * 1024;
const mostRawBytes = 1024 * 1024;

/** Whose mailbox is meant. */
export interface MailboxPlace {
  readonly host: string;
  readonly user: string;
}

/** A user's login, with which the mailbox is read: nobody else may. */
interface Login {
  readonly outputs: LabOutputs;
  readonly signal: AbortSignal;
}

/**
 * How many mails lie in a mailbox; without a count where nobody can look, since the user is not there yet.
 *
 * @throws LabError `LAB_NO_HOST`, `LAB_NO_MAILBOX`
 */
export async function countMailbox(login: Login, place: MailboxPlace): Promise<Mailbox> {
  const answer = await readAs(login, place, ["list", "0", "0"]).catch(unlessLabError);
  return { host: place.host, user: place.user, ...(answer && countsIn(answer)) };
}

/**
 * What lies in a mailbox.
 *
 * @throws LabError `LAB_NO_HOST`, `LAB_NO_MAILBOX`, and what a login fails with
 */
export async function listMailbox(login: Login, place: MailboxPlace): Promise<MailboxContents> {
  const answer = await readAs(login, place, ["list", String(mostListed), String(headBytes)]);
  const [, ...lines] = answer.toString("latin1").split("\n");
  const found = lines.filter((line) => line !== "").map(mailLine);
  const heads = await decodeHeads(found.map(({ head }) => head));
  const mails = found.map((one, index) => listed(one, heads[index]));
  return { host: place.host, user: place.user, ...countsIn(answer), mails };
}

/**
 * One mail, decoded and as it lies there.
 *
 * @throws LabError `LAB_NO_HOST`, `LAB_NO_MAILBOX`, `LAB_NO_MAIL`, and what a login fails with
 */
export async function openMail(login: Login, place: MailboxPlace, index: number): Promise<OpenedMail> {
  const answer = await readAs(login, place, ["read", String(index), String(mostSourceBytes)]);
  const lineEnd = answer.indexOf("\n");
  if (lineEnd < 0) throw noMail(place, index);
  const found = mailLine(answer.subarray(0, lineEnd).toString("latin1"));
  const source = answer.subarray(lineEnd + 1);
  const raw = {
    raw: source.subarray(0, mostRawBytes).toString("utf8"),
    isRawCut: found.sizeBytes > mostRawBytes,
  };
  try {
    const decoded = await decodeMailApart(source);
    const isTextCut = decoded.isTextCut || found.sizeBytes > mostSourceBytes;
    return { ...place, ...listed(found, decoded), ...decoded, isTextCut, ...raw };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const undecoded = { to: "", headers: [], text: "", isTextCut: false, parts: [] };
    return {
      ...place,
      ...listed(found, undefined),
      ...undecoded,
      ...raw,
      decodingProblem: sameText(error.message),
    };
  }
}

interface MailLine {
  readonly index: number;
  readonly sizeBytes: number;
  readonly isRead: boolean;
  readonly head: Buffer;
}

function mailLine(line: string): MailLine {
  const [index, sizeBytes, isRead, head = ""] = line.split(" ");
  return {
    index: Number(index),
    sizeBytes: Number(sizeBytes),
    isRead: isRead === "1",
    head: Buffer.from(head, "hex"),
  };
}

function listed({ index, sizeBytes, isRead }: MailLine, head: DecodedHead | undefined): ListedMail {
  const { from = "", subject = "", date, messageId } = head ?? {};
  return {
    index,
    from,
    subject,
    ...(date !== undefined && { date }),
    ...(messageId !== undefined && { messageId }),
    sizeBytes,
    isRead,
  };
}

function countsIn(answer: Buffer) {
  const [count, unreadCount, sizeBytes] =
    answer.toString("latin1").split("\n", 1)[0]?.split(" ").map(Number) ?? [];
  return { count: count ?? 0, unreadCount: unreadCount ?? 0, sizeBytes: sizeBytes ?? 0 };
}

async function readAs(
  { outputs, signal }: Login,
  { host: name, user }: MailboxPlace,
  words: readonly string[],
): Promise<Buffer> {
  const host = hostNamed(outputs, name);
  requireMailbox(host, user);
  const script = await readFile(join(import.meta.dirname, "read-mailbox.pl"), "utf8");
  const command = ["exec", "perl", "-e", script, user, ...words].map(quoteWord).join(" ");
  const { stdoutBytes } = await onHost(outputs, host, { user, signal }, (connection) =>
    connection.run(command, { signal }),
  );
  return stdoutBytes;
}

/** A user's or the administrator's, and no other account's. */
function requireMailbox({ name, users }: LabHost, user: string): void {
  if (users.includes(user) || user === administrator) return;
  throw new LabError(
    "LAB_NO_MAILBOX",
    {
      en: `There is no mailbox of “${user}” on ${name}; there are those of ${users.join(", ")}.`,
      ja: `${name} に「${user}」のメールボックスはありません。あるのは ${users.join("、")} のものです。`,
    },
    { hint: sameText("./lab status"), exit: exitCode.usage },
  );
}

function noMail({ host, user }: MailboxPlace, index: number): LabError {
  return new LabError(
    "LAB_NO_MAIL",
    {
      en: `There is no mail number ${index + 1} in the mailbox of ${user} on ${host}.`,
      ja: `${host} の ${user} のメールボックスに ${index + 1} 通目のメールはありません。`,
    },
    {
      hint: {
        en: "It was read or deleted meanwhile: look at the mailbox again.",
        ja: "その間に読まれたか削除されました。メールボックスを開き直してください。",
      },
    },
  );
}

function unlessLabError(error: unknown): undefined {
  if (!(error instanceof LabError) || error.code === "LAB_NO_MAILBOX") throw error;
  return undefined;
}
