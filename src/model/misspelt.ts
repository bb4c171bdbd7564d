/** How many letters may be wrong, missing, too many or exchanged with a neighbour for a name to be meant. */
const mostWrongLetters = 2;

/** Among names that nobody knows, the one that was meant to be `name`. */
export function misspeltName(name: string, unknownNames: readonly string[]): string | undefined {
  return unknownNames.find(
    (candidate) => candidate !== name && distance(candidate.toLowerCase(), name) <= mostWrongLetters,
  );
}

/** Levenshtein's distance. */
function distance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (const [at, letter] of Array.from(left).entries()) {
    const next = [at + 1];
    for (const [column, other] of Array.from(right).entries()) {
      const exchanged = (row[column] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(exchanged, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
