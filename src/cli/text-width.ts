/** Letters that take two columns of a terminal: kana, kanji, hangul, full-width forms (UAX #11, W and F). */
const wide =
  /[\u{1100}-\u{115F}\u{2E80}-\u{A4CF}\u{AC00}-\u{D7A3}\u{F900}-\u{FAFF}\u{FE30}-\u{FE6F}\u{FF00}-\u{FF60}\u{FFE0}-\u{FFE6}\u{20000}-\u{3FFFD}]/gu;

/** How many columns of a terminal a text takes. */
export function columnsOf(text: string): number {
  return Array.from(text).length + (text.match(wide)?.length ?? 0);
}

/** Fills a text up with spaces to so many columns. */
export function padColumns(text: string, columns: number): string {
  return text + " ".repeat(Math.max(0, columns - columnsOf(text)));
}

/** Cuts a text to so many columns; what was cut shows an ellipsis. */
export function cutColumns(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text;
  let kept = "";
  for (const letter of text) {
    if (columnsOf(kept + letter) > columns - 1) break;
    kept += letter;
  }
  return `${kept}…`;
}

/** A mark that no line begins with. */
const closing = /^[、。，．）」』】！？：；…ー,.;:)\]]/u;

/** A mark that no line ends with. */
const opening = /[（「『【([]$/u;

/** Where a text may be broken: behind spaces, and at any letter that takes two columns. */
function unitsOf(text: string): readonly string[] {
  const units: string[] = [];
  for (const letter of text) {
    const before = units.at(-1);
    const isBreak =
      before === undefined ||
      before.endsWith(" ") ||
      ((columnsOf(letter) > 1 || columnsOf(before.at(-1) ?? "") > 1) && !opening.test(before));
    if (before === undefined || (isBreak && letter !== " " && !closing.test(letter))) units.push(letter);
    else units[units.length - 1] = before + letter;
  }
  return units;
}

/** Breaks a text into lines of at most so many columns; a word that is longer than a line is broken too. */
export function wrapColumns(text: string, columns: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const unit of unitsOf(text)) {
    if (columnsOf((line + unit).trimEnd()) <= columns) {
      line += unit;
      continue;
    }
    if (line !== "") lines.push(line.trimEnd());
    line = "";
    for (const letter of unit) {
      if (columnsOf(line + letter) > columns && line !== "") {
        lines.push(line);
        line = "";
      }
      line += letter;
    }
  }
  return [...lines, line.trimEnd()];
}
