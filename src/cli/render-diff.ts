import type { Difference } from "../lab/diff/compare-states.ts";
import type { HostDiff } from "../lab/diff/diff-lab.ts";
import type { Text } from "../model/text.ts";
import type { Speak } from "./language.ts";

const areas: Readonly<Record<Difference["area"], Text>> = {
  package: { en: "package", ja: "パッケージ" },
  "main.cf": { en: "main.cf", ja: "main.cf" },
  "master.cf": { en: "master.cf", ja: "master.cf" },
  dovecot: { en: "Dovecot", ja: "Dovecot" },
  service: { en: "service", ja: "サービス" },
  account: { en: "account", ja: "アカウント" },
  file: { en: "file", ja: "ファイル" },
  aliases: { en: "alias database", ja: "エイリアスのデータベース" },
};

const kinds: Readonly<Record<Difference["kind"], Text>> = {
  extra: { en: "only here", ja: "こちらにだけあります" },
  missing: { en: "missing", ja: "ありません" },
  different: { en: "different", ja: "異なります" },
};

const words = {
  yours: { en: "yours:     ", ja: "現在: " },
  reference: { en: "reference: ", ja: "基準: " },
} as const satisfies Record<string, Text>;

function renderDifference({ area, name, kind, yours, reference }: Difference, speak: Speak): string {
  const value = (label: Text, text: string | undefined): readonly string[] =>
    text === undefined ? [] : [`      ${speak(label)}${text === "" ? "(empty)" : text}`];
  return [
    `  ${speak(areas[area])}  ${name}: ${speak(kinds[kind])}`,
    ...value(words.yours, yours),
    ...value(words.reference, reference),
  ].join("\n");
}

/** How a host differs from its reference, for people. */
export function renderHostDiff({ host, stage, differences }: HostDiff, speak: Speak): string {
  if (differences.length === 0) {
    return speak({
      en: `${host}: nothing differs from the reference at ${stage}.`,
      ja: `${host}: ${stage}の基準との違いはありません。`,
    });
  }
  const title = speak({
    en: `${host}: ${differences.length} difference${differences.length === 1 ? "" : "s"} from the reference at ${stage}`,
    ja: `${host}: ${stage}の基準との違いが${differences.length}件あります`,
  });
  return [title, ...differences.map((difference) => renderDifference(difference, speak))].join("\n");
}
