import type { PropertyValue } from "../../provider/resource.ts";
import { asRecords, asTexts, canonicalText, fieldNames, isRecord, isZero } from "./values.ts";

/*
 * Docker spells some values its own way and adds some of its own. The state keeps the program's spelling as long
 * as Docker's means the same, so that a look at an unchanged object changes nothing.
 */

/** The given value where the live one means the same, else the live one. */
export function settle(given: PropertyValue, live: PropertyValue): PropertyValue {
  if (isZero(given) && isZero(live)) return given ?? live;
  return canonicalText(given) === canonicalText(live) ? given : live;
}

/** Like `settle` for a map: entries that Docker added to the given ones don't count. */
export function settleMap(
  given: PropertyValue,
  live: Readonly<Record<string, string>> | null | undefined,
): PropertyValue {
  const found = live ?? {};
  if (!isRecord(given)) return Object.keys(found).length === 0 ? given : { ...found };
  const isKept = fieldNames(given).every((name) => found[name] === given[name]);
  return isKept ? given : { ...found };
}

/** Like `settle` for a set of strings, in any order and in the spelling that `canonical` makes one. */
export function settleSet(
  given: PropertyValue,
  live: readonly string[] | null | undefined,
  canonical: (text: string) => string = (text) => text,
): PropertyValue {
  const found = live ?? [];
  if (isZero(given) && found.length === 0) return given;
  const plain = (texts: readonly string[]): string =>
    canonicalText(texts.map((text) => canonical(text)).toSorted());
  return plain(asTexts(given)) === plain(found) ? given : found.toSorted();
}

/** Like `settle` for a set of blocks. */
export function settleBlocks(given: PropertyValue, live: readonly PropertyValue[]): PropertyValue {
  const plain = (blocks: readonly PropertyValue[]): string =>
    canonicalText(blocks.map((block) => canonicalText(block)).toSorted());
  return plain(asRecords(given)) === plain(live) ? given : live;
}
