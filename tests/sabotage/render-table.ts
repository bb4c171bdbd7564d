import type { Text } from "../../src/model/text.ts";
import type { Change, Finding, Sabotage, Variant } from "./sabotage.ts";

const head = `# What the grader is proven with

\`./lab check\` is itself tested: each row of the first table breaks a finished lab in one way. The checks named beside
it have to fail, each with that cause; whatever else fails has to name one of them as its reason, and everything is
green again once the row is mended. Each row of the second table is another right answer, which has to pass. The tables
are written from the tests' own rows (\`tests/sabotage/\`), and a unit test holds this page to them.

\`./lab check\` そのものもテストされています。1つ目の表の各行は、完成したラボを1か所だけ壊します。右に示した確認項目が
その原因で不合格になり、それ以外の不合格はすべてその項目を理由として示し、元に戻せばすべて合格になることを確かめます。
2つ目の表の各行は教科書と異なる正解で、合格にならなければなりません。
`;

const notPossible = `
## What no row breaks

The clock (\`clock-wrong\`): a container has the machine's, and nobody in it may set it.

時計（\`clock-wrong\`）を狂わせる行はありません。コンテナの時計はマシンのものと同じで、中からは変更できません。
`;

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

function inBoth({ en, ja }: Text): readonly string[] {
  return [en, ja];
}

/** Where something is done: the containers of the deeds, each once. */
function placesOf({ deeds }: Change): string {
  return [...new Set(deeds.map(({ on }) => on))].join(", ");
}

function findingWords({ host, id, cause }: Finding): string {
  return `${host} \`${id}\`: \`${cause}\``;
}

/** docs/sabotages.md, made from the rows. */
export function renderTable(sabotages: readonly Sabotage[], variants: readonly Variant[]): string {
  const broken = sabotages.map((sabotage) =>
    row([
      `\`${sabotage.id}\``,
      placesOf(sabotage),
      ...inBoth(sabotage.title),
      sabotage.finds.map(findingWords).join("<br>"),
    ]),
  );
  const right = variants.map((variant) =>
    row([
      `\`${variant.id}\``,
      placesOf(variant),
      ...inBoth(variant.title),
      variant.notes.map(({ id }) => `\`${id}\``).join("<br>") || "–",
    ]),
  );
  return [
    head,
    `## Sabotages (${sabotages.length})\n`,
    row(["row", "where", "what is broken", "壊す内容", "what has to fail, and why"]),
    row(["---", "---", "---", "---", "---"]),
    ...broken,
    `\n## Other right answers (${variants.length})\n`,
    row(["row", "where", "answer", "答え", "checks that name the difference"]),
    row(["---", "---", "---", "---", "---"]),
    ...right,
    notPossible,
  ].join("\n");
}
