/*
 * The mbox format as Postfix writes it (mbox(5), mboxrd aside): each message begins with a line "From …" after
 * an empty line, and lines of the message that begin with "From " have a ">" before them.
 */

const SEPARATOR = Buffer.from("\n\nFrom ");

/** The messages of a mailbox file, without their "From " lines. */
export function splitMbox(mailbox: Buffer): Buffer[] {
  if (!mailbox.subarray(0, 5).equals(Buffer.from("From "))) return [];
  const messages: Buffer[] = [];
  let start = 0;
  while (start < mailbox.length) {
    const next = mailbox.indexOf(SEPARATOR, start);
    // the empty line before the next message is not the message's own
    const end = next < 0 ? endOfLast(mailbox) : next + 1;
    const headerStart = mailbox.indexOf("\n", start) + 1;
    messages.push(mailbox.subarray(headerStart, end));
    start = next < 0 ? mailbox.length : next + 2;
  }
  return messages;
}

/** A message's headers by their names in lower case, each value unfolded; a name may come several times. */
export function readHeaders(message: Buffer): Map<string, string[]> {
  const { head } = splitMessage(message);
  const headers = new Map<string, string[]>();
  for (const line of head
    .toString("utf8")
    .replaceAll(/\r?\n[ \t]+/g, " ")
    .split(/\r?\n/)) {
    const colon = line.indexOf(":");
    if (colon <= 0) continue;
    const name = line.slice(0, colon).toLowerCase();
    headers.set(name, [...(headers.get(name) ?? []), line.slice(colon + 1).trim()]);
  }
  return headers;
}

/** A message's headers and body, apart. */
export function splitMessage(message: Buffer): { head: Buffer; body: Buffer } {
  const ends = ["\r\n\r\n", "\n\n"]
    .map((end) => ({ at: message.indexOf(end), length: end.length }))
    .filter(({ at }) => at >= 0)
    .sort((a, b) => a.at - b.at);
  const [end] = ends;
  if (end === undefined) return { head: message, body: Buffer.alloc(0) };
  return { head: message.subarray(0, end.at), body: message.subarray(end.at + end.length) };
}

function endOfLast(mailbox: Buffer): number {
  return mailbox.subarray(-2).equals(Buffer.from("\n\n")) ? mailbox.length - 1 : mailbox.length;
}
