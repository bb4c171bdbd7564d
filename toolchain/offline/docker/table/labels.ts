import type { PropertyValue } from "../../provider/resource.ts";
import type { Field } from "./property.ts";
import { asRecords, asText } from "./values.ts";

/** A label as a program writes it. */
export const labelFields: readonly Field[] = [
  { name: "label", kind: "string", required: true, replaces: true },
  { name: "value", kind: "string", required: true, replaces: true },
];

/** A set of label blocks as the map that Docker takes. */
export function labelMap(value: PropertyValue | undefined): Record<string, string> {
  return Object.fromEntries(
    asRecords(value).map((entry) => [asText(entry["label"]), asText(entry["value"])]),
  );
}
