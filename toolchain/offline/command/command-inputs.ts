import { isList, isRecord } from "../rpc/values.ts";
import { type CheckFailure, type PropertyMap, type PropertyValue, UNKNOWN } from "../provider/resource.ts";

/** What a property must be; `refused` says why a property of the official plugin is not taken here. */
export type Shape =
  | { readonly is: "text" | "flag" | "number" | "texts" | "text-map" | "list" }
  | { readonly is: "choice"; readonly choices: readonly string[] }
  | { readonly is: "record"; readonly fields: Shapes; readonly required: readonly string[] }
  | { readonly is: "refused"; readonly because: string };

/** The properties that a resource knows. */
export type Shapes = Readonly<Record<string, Shape>>;

/** Which of a command's outputs show in the live status. */
const logging: Shape = {
  is: "choice",
  choices: ["stdout", "stderr", "stdoutAndStderr", "none"],
};

/** The inputs that local and remote commands have in common. */
export const commandInputs: Shapes = {
  create: { is: "text" },
  update: { is: "text" },
  delete: { is: "text" },
  triggers: { is: "list" },
  environment: { is: "text-map" },
  stdin: { is: "text" },
  logging,
  addPreviousOutputInEnv: { is: "flag" },
};

/** Names, property by property, what can't be accepted. What a preview doesn't know yet is accepted. */
export function checkShapes(inputs: PropertyMap, shapes: Shapes, path = ""): CheckFailure[] {
  return Object.entries(inputs).flatMap(([name, value]) => {
    const shape = shapes[name];
    const property = path === "" ? name : `${path}.${name}`;
    return shape === undefined
      ? [{ property, reason: `the offline command plugin does not know the property ${property}` }]
      : checkShape(value, shape, property);
  });
}

function checkShape(value: PropertyValue, shape: Shape, property: string): CheckFailure[] {
  const fail = (reason: string): CheckFailure[] => [{ property, reason: `${property} ${reason}` }];
  if (shape.is === "refused") {
    return fail(`is not in the offline command plugin: ${shape.because}`);
  }
  if (value === UNKNOWN) {
    return [];
  }
  switch (shape.is) {
    case "text":
      return typeof value === "string" ? [] : fail("must be text");
    case "flag":
      return typeof value === "boolean" ? [] : fail("must be true or false");
    case "number":
      return typeof value === "number" ? [] : fail("must be a number");
    case "list":
      return isList(value) ? [] : fail("must be a list");
    case "texts":
      return isList(value) && value.every(isText) ? [] : fail("must be a list of texts");
    case "text-map":
      return isRecord(value) && Object.values(value).every(isText)
        ? []
        : fail("must be an object whose values are texts");
    case "choice":
      return typeof value === "string" && shape.choices.includes(value)
        ? []
        : fail(`must be one of ${shape.choices.join(", ")}`);
    case "record":
      return isRecord(value) ? checkRecord(value, shape, property) : fail("must be an object");
  }
}

function checkRecord(
  value: PropertyMap,
  shape: { readonly fields: Shapes; readonly required: readonly string[] },
  property: string,
): CheckFailure[] {
  const missing = shape.required.filter((name) => value[name] === undefined || value[name] === null);
  return [
    ...missing.map((name) => ({
      property: `${property}.${name}`,
      reason: `${property}.${name} is missing`,
    })),
    ...checkShapes(withoutNulls(value), shape.fields, property),
  ];
}

function isText(value: PropertyValue): boolean {
  return typeof value === "string" || value === UNKNOWN;
}

/** A property that is null is one that is not there. */
export function withoutNulls(properties: PropertyMap): PropertyMap {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== null));
}
