import type { AnswerPart, ListedStep, ShownStep, SolutionEdit, SolutionLine } from "../lab/chapter/show.ts";
import type { Text } from "../model/text.ts";
import type { Speak } from "./language.ts";

const words = {
  client: { en: "at a mail client", ja: "メールクライアントで" },
  hint: { en: "Hint", ja: "ヒント" },
  solution: { en: "The commands and edits", ja: "コマンドと編集内容" },
  nothing: {
    en: "There is nothing to type on a host: the steps above are done at a client.",
    ja: "ホストで入力するものはありません。上の手順をクライアントで行います。",
  },
  rubOut: { en: "(rub out what is there)", ja: "（元の文字を消して）" },
  asks: { en: "What it asks, and the answers:", ja: "尋ねられることと、その答え:" },
} as const satisfies Record<string, Text>;

const placeWords: Readonly<Record<SolutionEdit["place"], Text>> = {
  instead: { en: "Change the lines that are there to:", ja: "既にある行を、次のように書き換えます:" },
  "below-comment": {
    en: "Below the line that has it in a comment, add:",
    ja: "コメントになっている行の下に、次の行を加えます:",
  },
  end: { en: "At the end, add:", ja: "ファイルの最後に、次の行を加えます:" },
  uncommented: {
    en: "Take the comment signs off this example and make it:",
    ja: "この例のコメントを外し、次のようにします:",
  },
};

function renderAnswer(answer: readonly AnswerPart[], speak: Speak): string {
  return answer
    .map((part) => {
      if (typeof part === "string") return part;
      if ("key" in part) return part.key === "Rub out" ? speak(words.rubOut) : `[${part.key}]`;
      const { passwordOf } = part;
      return speak({
        en: `(${passwordOf}'s password, see ./lab passwords)`,
        ja: `（${passwordOf}のパスワード。./lab passwords で確認）`,
      });
    })
    .join(" ");
}

function renderLine({ line, answers, edits }: SolutionLine, speak: Speak): readonly string[] {
  return [
    `    ${line}`,
    ...(answers.length > 0 ? [`  ${speak(words.asks)}`] : []),
    ...answers.map(({ prompt, answer }) => `      ${prompt} ${renderAnswer(answer, speak)}`),
    ...edits.flatMap(({ place, lines }) => [
      `  ${speak(placeWords[place])}`,
      ...lines.map((text) => `    ${text}`),
    ]),
  ];
}

function renderSolution(solution: readonly SolutionLine[], speak: Speak): readonly string[] {
  if (solution.length === 0) return [speak(words.nothing)];
  let login = "";
  return solution.flatMap((line) => {
    const own = speak({ en: `${line.host}, as ${line.user}:`, ja: `${line.host}、${line.user}で:` });
    const heading = own === login ? [] : ["", own];
    login = own;
    return [...heading, ...renderLine(line, speak)];
  });
}

/** One step, for people. */
export function renderStep(step: ShownStep, speak: Speak): string {
  const { id, title, hosts, where, task, hint, solution } = step;
  const place = where === "client" ? speak(words.client) : hosts.join(", ");
  return [
    `${id}  ${speak(title)}  (${place})`,
    "",
    speak(task),
    "",
    `${speak(words.hint)}: ${speak(hint)}`,
    ...(solution === undefined
      ? [
          "",
          speak({
            en: `./lab show ${id} --solution shows the commands; ./lab check ${id} tells whether it is done.`,
            ja: `コマンドは ./lab show ${id} --solution、できたかどうかは ./lab check ${id} で分かります。`,
          }),
        ]
      : ["", `${speak(words.solution)}:`, ...renderSolution(solution, speak)]),
  ].join("\n");
}

/** All steps, and where the hosts stand. */
export function renderSteps(
  steps: readonly ListedStep[],
  stages: Readonly<Record<string, string>> | undefined,
  speak: Speak,
): string {
  const standing = Object.entries(stages ?? {}).map(([host, stage]) =>
    speak({ en: `${host} was brought to: ${stage}`, ja: `${host}に適用済みの段階: ${stage}` }),
  );
  return [
    ...steps.map(
      ({ id, title, where }) =>
        `${id}  ${speak(title)}${where === "client" ? `  (${speak(words.client)})` : ""}`,
    ),
    ...(standing.length > 0 ? ["", ...standing] : []),
  ].join("\n");
}

/** A step's texts in one language, for a program. */
export function stepAsJson(step: ShownStep | ListedStep, speak: Speak): Record<string, unknown> {
  const texts = "task" in step ? { task: speak(step.task), hint: speak(step.hint) } : {};
  return { ...step, title: speak(step.title), ...texts };
}
