import { UNKNOWN, type PropertyMap, type PropertyValue } from "../../provider/resource.ts";
import { planChanges } from "./diff.ts";
import type { Field, Table } from "./property.ts";
import { canonicalText, isList, isRecord } from "./values.ts";

/** The key under which the official plugin keeps its own notes in the state. */
const META_KEY = "__meta";

/** The request that creates the object: every given property written by its row. */
export function writeBody<Body, Live>(table: Table<Body, Live>, inputs: PropertyMap, body: Body): Body {
  for (const property of table.properties) {
    const value = inputs[property.name];
    if (value !== undefined && value !== null) property.toApi?.(value, body);
  }
  return body;
}

/** The whole state of an object that was just looked at; `given` are checked inputs or an earlier state. */
export function readState<Body, Live>(
  table: Table<Body, Live>,
  given: PropertyMap,
  live: Live,
  id: string,
): PropertyMap {
  const state: Record<string, PropertyValue> = { [META_KEY]: table.meta, id };
  for (const property of table.properties) {
    const said = shapeGiven(property, given[property.name], null);
    state[property.name] = property.fromInspect?.(live, said, given) ?? said;
  }
  return state;
}

/** The state that a preview of a creation shows: what is given, and UNKNOWN where Docker decides. */
export function previewCreation<Body, Live>(table: Table<Body, Live>, news: PropertyMap): PropertyMap {
  const state = table.properties.map((property) => {
    const given = news[property.name];
    const isGiven = given !== undefined && given !== null;
    const isDockers = !isGiven && (property.isOutput === true || property.computed === true);
    const isKnown = !isDockers || property.unset !== undefined;
    return [property.name, isKnown ? shapeGiven(property, given, UNKNOWN) : UNKNOWN] as const;
  });
  return Object.fromEntries(state);
}

/** The state after an update in place: what changed as given now, the rest as it was. */
export function updatedState<Body, Live>(
  table: Table<Body, Live>,
  oldState: PropertyMap,
  news: PropertyMap,
): PropertyMap {
  const paths = Object.keys(planChanges(table, { oldState, news }).detailed);
  const changed = new Set(paths.map((path) => path.split(/[.[]/u)[0]));
  const state: Record<string, PropertyValue> = { ...oldState };
  for (const property of table.properties) {
    if (changed.has(property.name)) state[property.name] = shapeGiven(property, news[property.name], null);
  }
  return state;
}

/** The inputs of the last update with what a look at the object found changed. */
export function refreshInputs<Body, Live>(
  table: Table<Body, Live>,
  inputs: PropertyMap,
  oldState: PropertyMap,
  state: PropertyMap,
): PropertyMap {
  const refreshed: Record<string, PropertyValue> = { ...inputs };
  for (const { name, isOutput } of table.properties) {
    const value = state[name];
    if (isOutput === true || value === undefined || inputs[name] === undefined) continue;
    if (canonicalText(value) !== canonicalText(oldState[name])) refreshed[name] = value;
  }
  return refreshed;
}

/**
 * A given value as the state holds it: every field of a block there, no notes on defaults, sets in one order;
 * `dockers` stands for a block's field that Docker fills in.
 */
function shapeGiven(field: Field, value: PropertyValue | undefined, dockers: PropertyValue): PropertyValue {
  if (value === UNKNOWN) return value;
  const fields = field.fields ?? [];
  switch (field.kind) {
    case "block":
      return isRecord(value) ? shapeBlock(fields, value, dockers) : unsetValue(field);
    case "blocks":
      return isList(value) ? value.map((entry) => shapeBlock(fields, entry, dockers)) : unsetValue(field);
    case "blockSet":
      return isList(value)
        ? inOrder(value.map((entry) => shapeBlock(fields, entry, dockers)))
        : unsetValue(field);
    case "stringSet":
      return isList(value) ? inOrder(value) : unsetValue(field);
    case "string":
    case "number":
    case "boolean":
    case "strings":
    case "map":
      return value ?? unsetValue(field);
  }
}

function shapeBlock(fields: readonly Field[], value: PropertyValue, dockers: PropertyValue): PropertyValue {
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    fields.map((field) => {
      const given = value[field.name];
      return [
        field.name,
        given === undefined && field.computed === true ? dockers : shapeGiven(field, given, dockers),
      ];
    }),
  );
}

function unsetValue(field: Field): PropertyValue {
  if (field.unset !== undefined) return field.unset;
  return field.kind === "blocks" || field.kind === "blockSet" ? [] : null;
}

function inOrder(values: readonly PropertyValue[]): PropertyValue {
  if (values.includes(UNKNOWN)) return values;
  return values.toSorted((a, b) => {
    const [left, right] = [canonicalText(a), canonicalText(b)];
    return left < right ? -1 : left > right ? 1 : 0;
  });
}
