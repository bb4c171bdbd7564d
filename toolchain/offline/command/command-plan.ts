import { isDeepStrictEqual } from "node:util";
import {
  type DiffKind,
  type PropertyMap,
  type PropertyValue,
  type ResourcePlan,
  UNKNOWN,
} from "../provider/resource.ts";
import { isList, isRecord } from "../rpc/values.ts";

/** The inputs whose change makes the command a new one: its `delete` runs, then its `create` (or the other way round). */
const REPLACING = "triggers";

/** Inputs that are compared as a whole: the parts of a secret are not named. */
const WHOLE = new Set(["connection"]);

/**
 * Changed triggers replace, everything else updates; the new command is made before the old one is deleted. As with
 * the official plugin the reason stands in the detailed plan alone, not in the list of replacing properties.
 */
export function planCommand(oldInputs: PropertyMap, news: PropertyMap): ResourcePlan {
  const changes = fieldChanges(ownProperties(oldInputs), ownProperties(news), "");
  const detailed = changes.map(({ path, kind }): [string, DiffKind] => [
    path,
    isReplacing(path) ? `${kind}-replace` : kind,
  ]);
  return { detailed: Object.fromEntries(detailed), replaces: [], deleteBeforeReplace: false };
}

/**
 * The outputs that a preview shows. They are unknown when the command will be another one than the state records:
 * an input of the state changed or went. An input that is new, `logging` say, leaves the outputs as they are.
 */
export function previewOutputs<Name extends string>(
  names: readonly Name[],
  news: PropertyMap,
  oldState: PropertyMap | undefined,
): Record<Name, PropertyValue> {
  const outputs = names.map((name): [Name, PropertyValue] => {
    const old = oldState?.[name];
    return [name, old === undefined || isOther(news, oldState ?? {}, names) ? UNKNOWN : old];
  });
  return Object.fromEntries(outputs) as Record<Name, PropertyValue>;
}

function isOther(news: PropertyMap, oldState: PropertyMap, outputs: readonly string[]): boolean {
  return (
    Object.values(news).some(holdsUnknown) ||
    Object.entries(ownProperties(oldState)).some(
      ([name, value]) => !outputs.includes(name) && !isDeepStrictEqual(value, news[name]),
    )
  );
}

/** True when a part of the value is only known later. */
function holdsUnknown(value: PropertyValue): boolean {
  if (isList(value)) {
    return value.some(holdsUnknown);
  }
  return value === UNKNOWN || (isRecord(value) && Object.values(value).some(holdsUnknown));
}

/** Without the bookkeeping that one plugin or another adds. */
function ownProperties(properties: PropertyMap): PropertyMap {
  return Object.fromEntries(
    Object.entries(properties).filter(([name, value]) => !name.startsWith("__") && value !== null),
  );
}

interface Change {
  readonly path: string;
  readonly kind: "add" | "delete" | "update";
}

function fieldChanges(olds: PropertyMap, news: PropertyMap, path: string): Change[] {
  const names = new Set([...Object.keys(olds), ...Object.keys(news)]);
  return [...names].flatMap((name) => changes(olds[name], news[name], fieldPath(path, name)));
}

function changes(old: PropertyValue | undefined, value: PropertyValue | undefined, path: string): Change[] {
  if (old === undefined) {
    return [{ path, kind: "add" }];
  }
  if (value === undefined) {
    return [{ path, kind: "delete" }];
  }
  if (isDeepStrictEqual(old, value)) {
    return [];
  }
  if (isList(old) && isList(value)) {
    const length = Math.max(old.length, value.length);
    return Array.from({ length }, (_, index) => index).flatMap((index) =>
      changes(old[index], value[index], `${path}[${String(index)}]`),
    );
  }
  if (isRecord(old) && isRecord(value) && !WHOLE.has(path)) {
    return fieldChanges(old, value, path);
  }
  return [{ path, kind: "update" }];
}

function fieldPath(path: string, name: string): string {
  if (!/^\w+$/.test(name)) {
    return `${path}[${JSON.stringify(name)}]`;
  }
  return path === "" ? name : `${path}.${name}`;
}

function isReplacing(path: string): boolean {
  return path === REPLACING || path.startsWith(`${REPLACING}[`);
}
