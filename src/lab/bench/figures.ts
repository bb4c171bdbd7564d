/** The smallest, middle and largest of a figure's values over the runs. */
export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/**
 * How far the values of one figure lie apart; of an even number of values the median is the middle two's mean.
 *
 * @param values - at least one.
 */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (index: number): number => {
    const value = sorted[index];
    if (value === undefined) throw new Error("a spread needs at least one value");
    return value;
  };
  const half = sorted.length / 2;
  return {
    min: at(0),
    median: (at(Math.ceil(half) - 1) + at(Math.floor(half))) / 2,
    max: at(sorted.length - 1),
  };
}

/** How many times the second figure's median the first one's is. */
export function ratioOf(figure: Spread, baseline: Spread): number {
  return figure.median / baseline.median;
}

/** What became of mails that were sent. */
export interface MailCount {
  readonly sent: number;
  /** Sent, and not in the mailbox. */
  readonly lost: number;
  /** Copies in the mailbox beyond the first of each. */
  readonly doubled: number;
}

/**
 * Counts by the mails' own ids.
 *
 * @param sent - how many were sent, each with an id that no other has.
 * @param found - the ids in the mailbox, one a copy.
 */
export function countMails(sent: number, found: readonly string[]): MailCount {
  const different = new Set(found).size;
  return { sent, lost: sent - different, doubled: found.length - different };
}

/** What one flood of mails came to. */
export interface Flood extends MailCount {
  /** From the first mail's sending to the last one's delivery. */
  readonly seconds: number;
  readonly mailsPerSecond: number;
}

/**
 * Reads what `flood-mails.sh` prints.
 *
 * @throws Error where the line with the time is missing.
 */
export function readFlood(sent: number, lines: readonly string[]): Flood {
  const seconds = secondsIn("delivered", lines);
  const ids = lines.filter((line) => line.startsWith("Message-Id:"));
  return { ...countMails(sent, ids), seconds, mailsPerSecond: sent / seconds };
}

/** The seconds behind a word at the beginning of a line. */
export function secondsIn(word: string, lines: readonly string[]): number {
  const text = lines.find((line) => line.startsWith(`${word} `))?.slice(word.length + 1);
  const seconds = Number(text);
  if (text === undefined || !Number.isFinite(seconds))
    throw new Error(`no line says how long “${word}” took`);
  return seconds;
}
