import {
  UNKNOWN,
  type DiffKind,
  type PropertyMap,
  type PropertyValue,
  type ResourcePlan,
} from "../../provider/resource.ts";
import { orderedEdits, setEdits, type ListEdits } from "./list-edits.ts";
import { formatPath, type PathStep } from "./path.ts";
import type { Field, Table } from "./property.ts";
import {
  asRecords,
  asTextMap,
  asTexts,
  canonicalText,
  DEFAULTS_KEY,
  hasUnknown,
  isEmpty,
  isList,
  isRecord,
  isZero,
} from "./values.ts";

type Change = "add" | "delete" | "update";
type Path = readonly PathStep[];
type Changes = Record<string, DiffKind>;

/**
 * Compares the recorded state with new checked inputs, the way the official plugin does: what the program leaves
 * out is a change only where Docker doesn't fill it in, sets have no order, and a set's removed member is named
 * by its index in the state, an added one by its index in the inputs.
 */
export function planChanges<Body, Live>(
  table: Table<Body, Live>,
  request: { readonly oldState: PropertyMap; readonly news: PropertyMap },
): ResourcePlan {
  const { oldState, news } = request;
  const inputs = table.properties.filter((property) => property.isOutput !== true);
  const changed = inputs.flatMap((property) => {
    const detailed = diffField(property, [property.name], oldState[property.name], news[property.name]);
    return Object.keys(detailed).length === 0 ? [] : [{ name: property.name, detailed }];
  });
  const replaces = changed
    .filter(({ detailed }) => Object.values(detailed).some((kind) => kind.endsWith("-replace")))
    .map(({ name }) => name);
  const detailed: Changes = Object.assign({}, ...changed.map((change) => change.detailed)) as Changes;
  const restated = table.restatedBlock;
  if (restated !== undefined && changed.length > 0 && !changed.some(({ name }) => name === restated)) {
    const block = restate(inputs, restated, oldState[restated], replaces.length > 0);
    if (Object.values(block).some((kind) => kind.endsWith("-replace"))) replaces.push(restated);
    Object.assign(detailed, block);
  }
  const named = inputs.find((property) => property.isAutoNamed === true);
  const hasChosenName = named !== undefined && !asTexts(news[DEFAULTS_KEY]).includes(named.name);
  return {
    detailed,
    replaces,
    deleteBeforeReplace: replaces.length > 0 && (table.isDeletedBeforeReplace || hasChosenName),
  };
}

/** The empty fields of a block that didn't change, as the official plugin lists them beside any other change. */
function restate(
  fields: readonly Field[],
  name: string,
  old: PropertyValue | undefined,
  isReplaced: boolean,
): Changes {
  const block = fields.find((field) => field.name === name);
  if (!isRecord(old)) return {};
  return Object.fromEntries(
    (block?.fields ?? [])
      .filter((field) => old[field.name] === null)
      .map((field) => [formatPath([name, field.name]), isReplaced && field.replaces ? "add-replace" : "add"]),
  );
}

function mark(change: Change, path: Path, isReplaced: boolean): Changes {
  return { [formatPath(path)]: isReplaced ? `${change}-replace` : change };
}

function isReplacing(field: Field): boolean {
  return field.replaces || (field.fields ?? []).some(isReplacing);
}

function diffField(
  field: Field,
  path: Path,
  old: PropertyValue | undefined,
  given: PropertyValue | undefined,
): Changes {
  const before = isEmpty(old) ? undefined : old;
  const next = isEmpty(given) ? undefined : given;
  const isReplaced = isReplacing(field);
  if (next === undefined) {
    const isLeftToDocker = field.computed === true && (given === undefined || given === null);
    return isLeftToDocker || isZero(before) ? {} : mark("delete", path, isReplaced);
  }
  if (before === undefined) return isZero(next) ? {} : mark("add", path, isReplaced);
  if (next === UNKNOWN) return mark("update", path, isReplaced);
  if (next === null || field.same?.(before, next) === true) return {};
  switch (field.kind) {
    case "string":
    case "number":
    case "boolean":
      return isSameScalar(field, before, next) ? {} : mark("update", path, isReplaced);
    case "strings":
      return diffTexts(field, path, before, next, orderedEdits);
    case "stringSet":
      return diffTexts(field, path, before, next, setEdits);
    case "map":
      return diffMap(field, path, before, next);
    case "block":
      return diffFields(field.fields ?? [], path, before, next);
    case "blocks":
      return diffBlocks(field, path, before, next);
    case "blockSet":
      return diffBlockSet(field, path, before, next);
  }
}

function isSameScalar(field: Field, old: PropertyValue, next: PropertyValue): boolean {
  if (old === next) return true;
  const { canonical } = field;
  return (
    canonical !== undefined &&
    typeof old === "string" &&
    typeof next === "string" &&
    canonical(old) === canonical(next)
  );
}

function diffFields(fields: readonly Field[], path: Path, old: PropertyValue, next: PropertyValue): Changes {
  const before = isRecord(old) ? old : {};
  const after = isRecord(next) ? next : {};
  const changes = fields
    .filter((field) => field.isOutput !== true)
    .map((field) => diffField(field, [...path, field.name], before[field.name], after[field.name]));
  return Object.assign({}, ...changes) as Changes;
}

function diffTexts(
  field: Field,
  path: Path,
  old: PropertyValue,
  next: PropertyValue,
  editsOf: (old: readonly string[], next: readonly string[]) => ListEdits,
): Changes {
  if (hasUnknown(next)) return mark("update", path, field.replaces);
  const canonical = field.canonical ?? ((text: string): string => text);
  return markEdits(
    field,
    path,
    editsOf(
      asTexts(old).map((text) => canonical(text)),
      asTexts(next).map((text) => canonical(text)),
    ),
  );
}

/** One mark an index; an index where a member goes and another comes is an update. */
function markEdits(field: Field, path: Path, edits: ListEdits): Changes {
  const indices = [...new Set([...edits.removed, ...edits.added])].toSorted((a, b) => a - b);
  const changes = indices.map((index) => {
    const isRemoved = edits.removed.includes(index);
    const change = !isRemoved ? "add" : edits.added.includes(index) ? "update" : "delete";
    return mark(change, [...path, index], isReplacing(field));
  });
  return Object.assign({}, ...changes) as Changes;
}

function diffMap(field: Field, path: Path, old: PropertyValue, next: PropertyValue): Changes {
  const before = asTextMap(old);
  const after = isRecord(next) ? next : {};
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted();
  const changes = keys.map((key) => {
    if (before[key] === after[key]) return {};
    const change = !(key in before) ? "add" : key in after ? "update" : "delete";
    return mark(change, [...path, key], field.replaces);
  });
  return Object.assign({}, ...changes) as Changes;
}

function diffBlocks(field: Field, path: Path, old: PropertyValue, next: PropertyValue): Changes {
  const before = isList(old) ? old : [];
  const after = isList(next) ? next : [];
  const indices = [...Array(Math.max(before.length, after.length)).keys()];
  const changes = indices.map((index) => diffElement(field, [...path, index], before[index], after[index]));
  return Object.assign({}, ...changes) as Changes;
}

function diffElement(
  field: Field,
  path: Path,
  old: PropertyValue | undefined,
  next: PropertyValue | undefined,
): Changes {
  if (old === undefined) return mark("add", path, isReplacing(field));
  if (next === undefined) return mark("delete", path, isReplacing(field));
  if (next === UNKNOWN) return mark("update", path, isReplacing(field));
  return diffFields(field.fields ?? [], path, old, next);
}

function diffBlockSet(field: Field, path: Path, old: PropertyValue, next: PropertyValue): Changes {
  if (hasUnknown(next)) return mark("update", path, isReplacing(field));
  const fields = field.fields ?? [];
  const before = asRecords(old);
  const after = asRecords(next);
  const edits = setEdits(
    before.map((member) => identity(fields, member)),
    after.map((member) => identity(fields, member)),
  );
  if (edits.removed.length === 0 && edits.added.length === 0) return {};
  // The official plugin can't find a member in the inputs again when a string field of it was left out.
  const isTraceable = edits.added.every((index) =>
    fields.every((inner) => inner.kind !== "string" || typeof after[index]?.[inner.name] === "string"),
  );
  if (!isTraceable) return mark("update", path, isReplacing(field));
  const indices = [...new Set([...edits.removed, ...edits.added])];
  const changes = indices.map((index) =>
    diffElement(
      field,
      [...path, index],
      edits.removed.includes(index) ? before[index] : undefined,
      edits.added.includes(index) ? after[index] : undefined,
    ),
  );
  return Object.assign({}, ...changes) as Changes;
}

/** Equal for two members exactly when Docker would be told the same. */
function identity(fields: readonly Field[], member: PropertyMap): string {
  const told = fields
    .filter((field) => !isZero(member[field.name]))
    .map((field) => {
      const value = member[field.name];
      return [field.name, field.kind === "stringSet" ? asTexts(value).toSorted() : (value ?? null)] as const;
    });
  return canonicalText(Object.fromEntries(told));
}
