import { randomBytes } from "node:crypto";
import { UNKNOWN, type CheckFailure, type PropertyMap, type PropertyValue } from "../../provider/resource.ts";
import { formatPath, type PathStep } from "./path.ts";
import type { Field, Kind, Table } from "./property.ts";
import { asTexts, DEFAULTS_KEY, fieldNames, hasUnknown, isList, isRecord } from "./values.ts";

/** Bytes of a drawn name's suffix; the 7 hex digits shown are cut from them. */
const NAME_SUFFIX_BYTES = 4;
const NAME_SUFFIX_LENGTH = 7;

const kindWords: Readonly<Record<Kind, string>> = {
  string: "a string",
  number: "a number",
  boolean: "true or false",
  strings: "a list of strings",
  stringSet: "a list of strings",
  map: "an object of strings",
  block: "an object",
  blocks: "a list of objects",
  blockSet: "a list of objects",
};

/** What a check comes to: the completed inputs, and what is wrong with them. */
export interface CheckedInputs {
  readonly inputs: PropertyMap;
  readonly failures: readonly CheckFailure[];
}

/** Completes the program's inputs with the table's defaults and says what can't be accepted. */
export function checkInputs<Body, Live>(
  table: Table<Body, Live>,
  request: { readonly name: string; readonly news: PropertyMap; readonly olds?: PropertyMap },
): CheckedInputs {
  const failures: CheckFailure[] = [];
  const named = table.properties.find((property) => property.isAutoNamed);
  const drawn = new Map<string, PropertyValue>();
  if (named !== undefined) drawn.set(named.name, drawName(named.name, request));
  const inputs = checkBlock(table.type, table.properties, [], request.news, drawn, failures);
  if (failures.length === 0) failures.push(...(table.problems?.(inputs) ?? []));
  return { inputs, failures };
}

/** The name of the last update where that one was drawn too, else a new one. */
function drawName(property: string, request: { readonly name: string; readonly olds?: PropertyMap }): string {
  const old = request.olds?.[property];
  const wasDrawn = asTexts(request.olds?.[DEFAULTS_KEY]).includes(property);
  if (wasDrawn && typeof old === "string") return old;
  return `${request.name}-${randomBytes(NAME_SUFFIX_BYTES).toString("hex").slice(0, NAME_SUFFIX_LENGTH)}`;
}

function checkBlock(
  type: string,
  all: readonly Field[],
  path: readonly PathStep[],
  given: PropertyMap,
  drawn: ReadonlyMap<string, PropertyValue>,
  failures: CheckFailure[],
): PropertyMap {
  const fields = all.filter((field) => field.isOutput !== true);
  const checked: Record<string, PropertyValue> = {};
  const defaults: string[] = [];
  for (const name of fieldNames(given)) {
    if (fields.some((field) => field.name === name) || given[name] === null) continue;
    const full = [type, ...path.filter((step) => typeof step === "string"), name].join(".");
    failures.push({ property: formatPath([...path, name]), reason: `${full} is not in the offline plugin` });
  }
  for (const field of fields) {
    const value = given[field.name];
    if (value !== undefined && value !== null) {
      checked[field.name] = checkValue(type, field, [...path, field.name], value, failures);
      continue;
    }
    const fallback = drawn.get(field.name) ?? field.default;
    if (fallback !== undefined) {
      checked[field.name] = fallback;
      defaults.push(field.name);
    } else if (field.required === true) {
      const property = formatPath([...path, field.name]);
      failures.push({ property, reason: `${type} needs ${property}` });
    }
  }
  checked[DEFAULTS_KEY] = defaults.toSorted();
  return checked;
}

function checkValue(
  type: string,
  field: Field,
  path: readonly PathStep[],
  value: PropertyValue,
  failures: CheckFailure[],
): PropertyValue {
  if (value === UNKNOWN) return value;
  const property = formatPath(path);
  const block = (given: PropertyMap, at: readonly PathStep[]): PropertyMap =>
    checkBlock(type, field.fields ?? [], at, given, new Map(), failures);
  if (!isOfKind(field.kind, value)) {
    failures.push({ property, reason: `${property} must be ${kindWords[field.kind]}` });
    return value;
  }
  const problem = hasUnknown(value) ? undefined : field.problem?.(value);
  if (problem !== undefined) failures.push({ property, reason: `${property} ${problem}` });
  if (field.kind === "block" && isRecord(value)) return block(value, path);
  if ((field.kind === "blocks" || field.kind === "blockSet") && isList(value)) {
    return value.map((entry, index) => (isRecord(entry) ? block(entry, [...path, index]) : entry));
  }
  return value;
}

function isOfKind(kind: Kind, value: PropertyValue): boolean {
  switch (kind) {
    case "string":
    case "number":
    case "boolean":
      return typeof value === kind;
    case "strings":
    case "stringSet":
      return isList(value) && value.every((entry) => typeof entry === "string" || entry === UNKNOWN);
    case "blocks":
    case "blockSet":
      return isList(value) && value.every((entry) => isRecord(entry) || entry === UNKNOWN);
    case "block":
      return isRecord(value);
    case "map":
      return (
        isRecord(value) &&
        fieldNames(value).every((name) => typeof value[name] === "string" || value[name] === UNKNOWN)
      );
  }
}
