import structMessages from "google-protobuf/google/protobuf/struct_pb.js";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import { type PropertyMap, type PropertyValue, UNKNOWN } from "../provider/resource.ts";
import { PluginError } from "./plugin-error.ts";

/** A property as it goes over the wire: secrets and unknowns are objects and strings with agreed marks. */
export type WireValue =
  null | boolean | number | string | readonly WireValue[] | { readonly [name: string]: WireValue };

/** Properties as they go over the wire. */
export type WireMap = Readonly<Record<string, WireValue>>;

/** The key that marks an object as something other than a plain object. */
const MARK = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

/** Kinds of values that these plugins have no use for; using one as if it were plain data would do something else. */
const refusedMarks: ReadonlyMap<string, string> = new Map([
  ["c44067f5952c0a294b673a41bacd8c17", "an asset"],
  ["0def7320c3a5731c473e5ecbe6d01bc7", "an archive"],
  ["5cf8f73096256a8f31e491e813e4eb8e", "a resource reference"],
]);

const UNKNOWN_STRING = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** The engine knows the type of some values before their content, and has one mark for each. */
const unknownMarks: ReadonlySet<string> = new Set([
  UNKNOWN_STRING,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/** Reads a message's properties; an absent message has none. */
export function readStruct(struct: Struct | undefined): WireMap {
  return struct === undefined ? {} : struct.toJavaScript();
}

/** Writes properties into a message. */
export function writeStruct(properties: WireMap): Struct {
  return structMessages.Struct.fromJavaScript(properties);
}

/** True for a list on the wire or off it. */
export function isList(value: WireValue): value is readonly WireValue[];
export function isList(value: PropertyValue): value is readonly PropertyValue[];
export function isList(value: unknown): boolean {
  return Array.isArray(value);
}

/** True for an object with named properties, marked or not. */
export function isRecord(value: WireValue): value is WireMap;
export function isRecord(value: PropertyValue): value is PropertyMap;
export function isRecord(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Marks a value secret; a secret stays one. */
export function secret(value: WireValue): WireValue {
  return isSecret(value) ? value : { [MARK]: SECRET, value };
}

/** The content of a secret, or `undefined` for anything else. */
export function secretContent(value: WireValue): WireValue | undefined {
  return isSecret(value) ? (value["value"] ?? null) : undefined;
}

function isSecret(value: WireValue): value is WireMap {
  return isRecord(value) && value[MARK] === SECRET;
}

/** True when a secret is in the value, at any depth. */
export function holdsSecret(value: WireValue): boolean {
  if (isList(value)) {
    return value.some(holdsSecret);
  }
  return isSecret(value) || (isRecord(value) && Object.values(value).some(holdsSecret));
}

/**
 * Properties as a resource sees them: secrets taken off, unknowns as UNKNOWN.
 * @throws PluginError `PLUGIN_VALUE_REFUSED` for assets, archives and resource references.
 */
export function fromWire(properties: WireMap): PropertyMap {
  return Object.fromEntries(
    Object.entries(properties).map(([name, value]) => [name, plainValue(value, name)]),
  );
}

function plainValue(value: WireValue, path: string): PropertyValue {
  if (typeof value === "string") {
    return unknownMarks.has(value) ? UNKNOWN : value;
  }
  if (isList(value)) {
    return value.map((item, index) => plainValue(item, `${path}[${String(index)}]`));
  }
  if (!isRecord(value)) {
    return value;
  }
  const mark = value[MARK];
  if (mark === undefined) {
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [name, plainValue(item, `${path}.${name}`)]),
    );
  }
  if (mark === SECRET || mark === OUTPUT) {
    const content = value["value"];
    // An output that has no value yet is an unknown.
    return content === undefined ? (mark === OUTPUT ? UNKNOWN : null) : plainValue(content, path);
  }
  throw new PluginError(
    "PLUGIN_VALUE_REFUSED",
    `${path} is ${(typeof mark === "string" ? refusedMarks.get(mark) : undefined) ?? "a value of a kind unknown here"}, which is not in the offline plugin`,
    { hint: "Pass text, numbers, lists or objects, or use the official plugin." },
  );
}

/** Properties as they go over the wire, nothing secret; a property that is `undefined` is left out. */
export function toWire(properties: PropertyMap): WireMap {
  return Object.fromEntries(
    Object.entries(properties)
      .filter(([, value]) => (value as PropertyValue | undefined) !== undefined)
      .map(([name, value]) => [name, wireValue(value)]),
  );
}

function wireValue(value: PropertyValue): WireValue {
  if (value === UNKNOWN) {
    return UNKNOWN_STRING;
  }
  if (isList(value)) {
    return value.map(wireValue);
  }
  return isRecord(value) ? toWire(value) : value;
}
