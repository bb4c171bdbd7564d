import { isDeepStrictEqual } from "node:util";
import {
  fromWire,
  holdsSecret,
  isList,
  isRecord,
  secret,
  secretContent,
  type WireMap,
  type WireValue,
} from "./values.ts";

/**
 * Marks as secret in `properties` what is secret in `source` under the same top-level name. Where a value is the
 * same as the source's, or an object has the same fields, the mark goes to the very place; otherwise the whole
 * property becomes secret, since the secret part may be anywhere in it.
 */
export function markSecrets(properties: WireMap, source: WireMap): WireMap {
  return Object.fromEntries(
    Object.entries(properties).map(([name, value]) => {
      const original = source[name];
      return [name, original === undefined ? value : markLike(value, original)];
    }),
  );
}

/** Marks whole properties secret: name of the property to whether it is. */
export function markWhole(properties: WireMap, names: Iterable<string>): WireMap {
  const marked = new Set(names);
  return Object.fromEntries(
    Object.entries(properties).map(([name, value]) => [name, marked.has(name) ? secret(value) : value]),
  );
}

function markLike(value: WireValue, original: WireValue): WireValue {
  if (!holdsSecret(original) || secretContent(value) !== undefined) {
    return value;
  }
  if (secretContent(original) !== undefined) {
    return secret(value);
  }
  if (isList(value) && isList(original) && isSame(value, original)) {
    return value.map((item, index) => markLike(item, original[index] ?? null));
  }
  if (isRecord(value) && isRecord(original) && holdsEverySecretField(value, original)) {
    return markSecrets(value, original);
  }
  return secret(value);
}

function isSame(value: WireValue, original: WireValue): boolean {
  return isDeepStrictEqual(fromWire({ value }), fromWire({ value: original }));
}

function holdsEverySecretField(value: WireMap, original: WireMap): boolean {
  return Object.entries(original).every(([name, field]) => !holdsSecret(field) || name in value);
}
