/** What takes one list to another: indices that go from the old one and indices that come in the new one. */
export interface ListEdits {
  readonly removed: readonly number[];
  readonly added: readonly number[];
}

/** The fewest removals and additions that turn `old` into `next`, order kept (a longest common subsequence). */
export function orderedEdits(old: readonly string[], next: readonly string[]): ListEdits {
  // common[i][j]: length of the longest common subsequence of old[i..] and next[j..]
  const common = Array.from({ length: old.length + 1 }, () => new Array<number>(next.length + 1).fill(0));
  const at = (row: number, column: number): number => common[row]?.[column] ?? 0;
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = next.length - 1; j >= 0; j -= 1) {
      const row = common[i];
      if (row === undefined) continue;
      row[j] = old[i] === next[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const removed: number[] = [];
  const added: number[] = [];
  let i = 0;
  let j = 0;
  while (i < old.length || j < next.length) {
    if (i < old.length && j < next.length && old[i] === next[j]) {
      i += 1;
      j += 1;
    } else if (j >= next.length || (i < old.length && at(i + 1, j) >= at(i, j + 1))) {
      removed.push(i);
      i += 1;
    } else {
      added.push(j);
      j += 1;
    }
  }
  return { removed, added };
}

/** The members that only one of two sets has; a member that is listed twice counts once. */
export function setEdits(old: readonly string[], next: readonly string[]): ListEdits {
  const only = (here: readonly string[], there: readonly string[]): number[] =>
    here.flatMap((entry, index) => (there.includes(entry) || here.indexOf(entry) < index ? [] : [index]));
  return { removed: only(old, next), added: only(next, old) };
}
