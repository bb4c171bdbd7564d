/*
 * SMTP (RFC 5321, 4.5.2) and POP3 (RFC 1939, 3) end a message by a line with a dot alone, and so put one more
 * dot before each line of the message that begins with one.
 */

const CRLF = Buffer.from("\r\n");
const DOT = 0x2e;

/** The message as it is sent: lines ending in CRLF, dots stuffed, the end line included. */
export function stuffDots(message: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (const line of splitLines(message)) {
    if (line[0] === DOT) parts.push(Buffer.from("."));
    parts.push(line, CRLF);
  }
  return Buffer.concat([...parts, Buffer.from(".\r\n")]);
}

/** A received line with its stuffed dot taken away, or `undefined` for the line that ends the message. */
export function unstuffDot(line: Buffer): Buffer | undefined {
  if (line[0] !== DOT) return line;
  return line.length === 1 ? undefined : line.subarray(1);
}

/** The lines of a message, without their ends (CRLF or LF). */
function splitLines(message: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  let start = 0;
  while (start < message.length) {
    const newline = message.indexOf(0x0a, start);
    const end = newline < 0 ? message.length : newline;
    const hasReturn = newline > start && message[newline - 1] === 0x0d;
    lines.push(message.subarray(start, hasReturn ? end - 1 : end));
    start = end + 1;
  }
  return lines;
}
