/**
 * A text that was written by anybody, such as a mail's address, as a terminal may show it: what moves the cursor,
 * changes colours or turns the direction of writing is shown as a mark.
 */
export function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, "\u{FFFD}");
}
