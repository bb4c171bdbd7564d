import type { CommanderError } from "@commander-js/extra-typings";
import { LabError, exitCode } from "../model/lab-error.ts";

/** Commander's own sentences, which it has in English only, and what each is in Japanese. */
const japanese: readonly (readonly [pattern: RegExp, sentence: string])[] = [
  [/^unknown command '(.*)'/, "「$1」というコマンドはありません。"],
  [/^unknown option '(.*)'/, "「$1」というオプションはありません。"],
  [/^missing required argument '(.*)'$/, "引数 <$1> が必要です。"],
  [/^option '(.*)' argument missing$/, "オプション「$1」には値が必要です。"],
  [/^option '(.*)' argument '(.*)' is invalid\.(?: |$)/, "オプション「$1」に「$2」は使えません。"],
  [
    /^command-argument value '(.*)' is invalid for argument '(.*)'\.(?: |$)/,
    "引数 <$2> に「$1」は使えません。",
  ],
  [/^option '(.*)' cannot be used with option '(.*)'$/, "オプション「$1」と「$2」は同時に使えません。"],
  [/^too many arguments(?: for '(.*)')?\. .*$/, "引数が多すぎます。"],
];

/** What Commander adds to a sentence. */
const additions: readonly (readonly [pattern: RegExp, sentence: string])[] = [
  [/\(Did you mean (?:one of )?(.*)\?\)$/, "もしかして: $1"],
  [/Allowed choices are (.*)\.$/, "使えるもの: $1"],
];

/** Whether Commander ended only because it had shown its help, asked for or not. */
export function isHelp({ code }: CommanderError): boolean {
  return code === "commander.help" || code === "commander.helpDisplayed";
}

/** A word that the command line does not know, as an error of the lab's own: in both languages, with the next step. */
export function usageError(error: CommanderError): LabError {
  const said = error.message.replace(/^error: /, "").replaceAll("\n", " ");
  const en = `${said.charAt(0).toUpperCase()}${said.slice(1)}${/[.)]$/.test(said) ? "" : "."}`;
  return new LabError(
    "LAB_USAGE",
    { en, ja: inJapanese(said) },
    {
      hint: {
        en: "./lab help lists the commands, ./lab help COMMAND its options",
        ja: "./lab help でコマンドの一覧、./lab help コマンド名 でオプションの一覧が見られます",
      },
      exit: exitCode.usage,
    },
  );
}

function inJapanese(said: string): string {
  const sentence = translated(said, japanese);
  if (sentence === undefined) return said;
  return [sentence, translated(said, additions)].filter((part) => part !== undefined).join("");
}

function translated(
  said: string,
  table: readonly (readonly [pattern: RegExp, sentence: string])[],
): string | undefined {
  for (const [pattern, sentence] of table) {
    const found = pattern.exec(said);
    if (found !== null)
      return sentence.replaceAll(/\$(\d)/g, (_all, index: string) => found[Number(index)] ?? "");
  }
  return undefined;
}
