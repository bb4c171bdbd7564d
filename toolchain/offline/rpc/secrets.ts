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

/** Marks properties secret by their paths, `connection` or `connection.privateKey`; a path that leads nowhere marks nothing. */
export function markPaths(properties: WireMap, paths: readonly string[]): WireMap {
  return paths.reduce((marked, path) => markField(marked, path.split(".")), properties);
}

function markField(record: WireMap, [name = "", ...rest]: readonly string[]): WireMap {
  const field = record[name];
  if (field === undefined || field === null) {
    return record;
  }
  if (rest.length === 0) {
    return { ...record, [name]: secret(field) };
  }
  const content = secretContent(field);
  const inner = content ?? field;
  if (!isRecord(inner)) {
    return record;
  }
  const marked = markField(inner, rest);
  return { ...record, [name]: content === undefined ? marked : secret(marked) };
}

function markLike(value: WireValue, original: WireValue): WireValue {
  if (!holdsSecret(original)) {
    return value;
  }
  const content = secretContent(original);
  if (content !== undefined) {
    // A secret may hold secrets of its own, and their places count: a provider compares them.
    return secret(markLike(secretContent(value) ?? value, content));
  }
  if (secretContent(value) !== undefined) {
    return value;
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
