import { UNKNOWN, type PropertyMap, type PropertyValue } from "../../provider/resource.ts";

/** The key under which a block lists the fields that check filled in. */
export const DEFAULTS_KEY = "__defaults";

/** Whether a value is a nested object. */
export function isRecord(value: PropertyValue | undefined): value is PropertyMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether a value is a list. */
export function isList(value: PropertyValue | undefined): value is readonly PropertyValue[] {
  return Array.isArray(value);
}

/** Whether a value, or anything inside it, is known only later. */
export function hasUnknown(value: PropertyValue | undefined): boolean {
  if (value === UNKNOWN) return true;
  if (isList(value)) return value.some(hasUnknown);
  return isRecord(value) && Object.values(value).some(hasUnknown);
}

/** Whether a value says nothing: absent, or an empty list or object. */
export function isEmpty(value: PropertyValue | undefined): boolean {
  if (value === undefined || value === null) return true;
  if (isList(value)) return value.length === 0;
  return isRecord(value) && fieldNames(value).length === 0;
}

/** Whether a value is what Docker takes a missing one for: empty, `""`, `0` or `false`. */
export function isZero(value: PropertyValue | undefined): boolean {
  return isEmpty(value) || value === "" || value === 0 || value === false;
}

/** The names of a record's own fields, without the list of defaults. */
export function fieldNames(value: PropertyMap): string[] {
  return Object.keys(value).filter((name) => name !== DEFAULTS_KEY);
}

/** A string, or `""` for anything else. */
export function asText(value: PropertyValue | undefined): string {
  return typeof value === "string" ? value : "";
}

/** A number, or 0 for anything else. */
export function asNumber(value: PropertyValue | undefined): number {
  return typeof value === "number" ? value : 0;
}

/** The strings of a list. */
export function asTexts(value: PropertyValue | undefined): string[] {
  return isList(value) ? value.filter((entry) => typeof entry === "string") : [];
}

/** The objects of a list. */
export function asRecords(value: PropertyValue | undefined): PropertyMap[] {
  return isList(value) ? value.filter(isRecord) : [];
}

/** The string entries of a map. */
export function asTextMap(value: PropertyValue | undefined): Record<string, string> {
  if (!isRecord(value)) return {};
  return Object.fromEntries(fieldNames(value).map((name) => [name, asText(value[name])]));
}

/** A value as text that is equal exactly when the value is, whatever the order of an object's fields. */
export function canonicalText(value: PropertyValue | undefined): string {
  if (value === UNKNOWN) return "<unknown>";
  if (isList(value)) return `[${value.map(canonicalText).join(",")}]`;
  if (isRecord(value)) {
    const entries = fieldNames(value)
      .toSorted()
      .map((name) => `${JSON.stringify(name)}:${canonicalText(value[name])}`);
    return `{${entries.join(",")}}`;
  }
  return JSON.stringify(value ?? null);
}
