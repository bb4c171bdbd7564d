import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { relative } from "node:path";
import { parseDocument } from "yaml";
import { LabError, exitCode } from "../../model/lab-error.ts";
import type { Text } from "../../model/text.ts";

/** What a file holds that a person or Pulumi wrote: fields by name. */
export type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads a YAML file that holds fields by name; an empty one holds none.
 *
 * @param root - the checkout, from which the file is named in an error.
 * @param mapping - a field that has to hold fields itself where it is there.
 * @returns `undefined` where there is no such file.
 * @throws LabError `LAB_CONFIG_FILE` naming the file, and the line where it can't be read.
 */
export async function readYamlFields(
  path: string,
  root: string,
  mapping?: string,
): Promise<Fields | undefined> {
  if (!existsSync(path)) return undefined;
  const text = await readFile(path, "utf8");
  const known = lastRead.get(path);
  if (known?.text === text && known.mapping === mapping) return known.fields;
  const fields = parseFields(text, relative(root, path), mapping);
  lastRead.set(path, { text, mapping, fields });
  return fields;
}

/** What a file held when it was read last: a class reads the project's for each seat, several times. */
const lastRead = new Map<string, { text: string; mapping: string | undefined; fields: Fields }>();

function parseFields(text: string, file: string, mapping: string | undefined): Fields {
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error !== undefined) {
    const line = error.linePos?.[0].line ?? 1;
    throw unreadable(
      file,
      { en: `line ${line} is no YAML`, ja: `${line}行目がYAMLの書き方になっていません` },
      // Below the first line the parser draws the place.
      [error.message.split("\n")[0]?.replace(/ at line \d+.*$/, "") ?? ""],
    );
  }
  const fields: unknown = document.toJS() ?? {};
  if (!isFields(fields)) throw unreadable(file, mappingRule);
  const inner = mapping === undefined ? undefined : fields[mapping];
  if (mapping !== undefined && inner !== undefined && inner !== null && !isFields(inner)) {
    throw unreadable(file, {
      en: `${mapping}: ${mappingRule.en}`,
      ja: `${mapping}: ${mappingRule.ja}`,
    });
  }
  return fields;
}

const mappingRule: Text = {
  en: "must be lines of “key: value”",
  ja: "「キー: 値」の形で書いてください",
};

const formHint: Text = {
  en: "write “config:” and below it, two spaces further in, lines such as “mail-lab:upstream: true”",
  ja: "「config:」の下に、2文字下げて「mail-lab:upstream: true」のような行を書いてください",
};

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A configuration file that can't be read, and what it breaks. */
export function unreadable(
  file: string,
  rule: Text,
  details: readonly string[] = [],
  hint: Text = formHint,
): LabError {
  return new LabError(
    "LAB_CONFIG_FILE",
    { en: `${file}: ${rule.en}.`, ja: `${file}: ${rule.ja}。` },
    {
      details,
      hint,
      exit: exitCode.usage,
    },
  );
}
