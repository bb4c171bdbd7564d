import type { ListedSave, ListedSaves } from "../lab/saves/saves.ts";
import type { Text } from "../model/text.ts";
import type { Speak } from "./language.ts";
import { plainTable } from "./plain-table.ts";

const headings: readonly Text[] = [
  { en: "save", ja: "保存" },
  { en: "of the lab", ja: "ラボ" },
  { en: "at", ja: "日時" },
  { en: "stage", ja: "段階" },
  { en: "MB", ja: "MB" },
  { en: "used by", ja: "使用中" },
];
const bytesPerMegabyte = 1_000_000;

/** What is saved, for people: this checkout's, a row each, and then what else the engine holds. */
export function renderSaves({ saves, others }: ListedSaves, speak: Speak): string {
  const lines =
    saves.length === 0
      ? [
          speak({
            en: "Nothing is saved. ./lab save NAME does it.",
            ja: "保存はまだありません。./lab save 名前 で保存できます。",
          }),
        ]
      : [plainTable([headings.map(speak), ...saves.map((save) => rowOf(save, speak))])];
  const strangers = others.map(({ name, stack, images }) =>
    speak({
      en: `of another checkout, left alone: ${name} (lab ${stack}): ${images.join(", ")}`,
      ja: `別のチェックアウトの保存（触れません）: ${name}（ラボ${stack}）: ${images.join("、")}`,
    }),
  );
  return [...lines, ...strangers].join("\n");
}

function rowOf(save: ListedSave, speak: Speak): readonly string[] {
  const { name, stack, savedAt, nodes, engine, isHere, containers } = save;
  const stages = [...new Set(nodes.map(({ stage }) => stage))].join(", ");
  const bytes = nodes.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const elsewhere = speak({
    en: `not on this engine (made on ${engine === "" ? "the default one" : engine})`,
    ja: `このエンジンにはありません（保存先: ${engine === "" ? "既定のエンジン" : engine}）`,
  });
  return [
    name,
    stack,
    `${savedAt.slice(0, "2026-01-01T00:00".length).replace("T", " ")} UTC`,
    stages,
    String(Math.ceil(bytes / bytesPerMegabyte)),
    isHere ? containers.join(", ") : elsewhere,
  ];
}
