import { z } from "zod";
import type { Text } from "./text.ts";

/** Type as zod names it to what a person calls it. */
const typeNames: Readonly<Record<string, Text>> = {
  string: { en: "text", ja: "文字列" },
  number: { en: "a number", ja: "数値" },
  boolean: { en: "true or false", ja: "trueかfalse" },
  array: { en: "a list", ja: "リスト" },
  object: { en: "a set of fields", ja: "項目の集まり" },
  record: { en: "a set of fields", ja: "項目の集まり" },
};

/** `schema` with a rule that the value has to keep; the rule is data, so that it can be said in either language. */
export function isFitting<Schema extends z.ZodType>(
  schema: Schema,
  isRight: (value: z.output<Schema>) => boolean,
  rule: Text,
): Schema {
  return schema.refine(isRight, { params: { rule } });
}

/** Text with a rule that it has to keep. */
export function fitting(isRight: (text: string) => boolean, rule: Text): z.ZodString {
  return isFitting(z.string(), isRight, rule);
}

/** What is wrong with one field: its path, the rule, and the value where it can be shown in a line. */
export function configIssue(issue: z.core.$ZodIssue): Text {
  const field = issue.path.join(".");
  const rule = ruleOf(issue);
  const at: Text = field === "" ? { en: "configuration", ja: "設定全体" } : { en: field, ja: field };
  const isShown = issue.input === null || ["string", "number", "boolean"].includes(typeof issue.input);
  const value = isShown ? JSON.stringify(issue.input) : undefined;
  return {
    en: `${at.en}: ${rule.en}${value === undefined ? "" : `, not ${value}`}`,
    ja: `${at.ja}: ${rule.ja}${value === undefined ? "" : `（現在は ${value}）`}`,
  };
}

function ruleOf(issue: z.core.$ZodIssue): Text {
  switch (issue.code) {
    case "custom":
      return issue.params?.["rule"] as Text;
    case "invalid_type": {
      if (issue.input === undefined) return { en: "is missing", ja: "指定がありません" };
      const name = typeNames[issue.expected] ?? { en: issue.expected, ja: issue.expected };
      return { en: `must be ${name.en}`, ja: `${name.ja}にしてください` };
    }
    case "invalid_value": {
      const named = (empty: string): readonly string[] =>
        issue.values.map((value) => (value === "" ? empty : String(value)));
      return {
        en: `must be ${named("empty").join(" or ")}`,
        ja: `${named("空").join("か")}にしてください`,
      };
    }
    case "unrecognized_keys": {
      const keys = issue.keys.join(", ");
      return { en: `there is no field ${keys}`, ja: `${keys} という項目はありません` };
    }
    default:
      // No schema of the configuration has a rule of another kind; zod's own words beat none.
      return { en: issue.message, ja: issue.message };
  }
}
