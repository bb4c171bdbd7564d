import type { Language, Text } from "../model/text.ts";

/**
 * The words that are the command line's own: what stands behind `--` belongs to the command that is run on a host.
 *
 * @param words - all words of the command line.
 */
export function ownWords(words: readonly string[]): readonly string[] {
  const end = words.indexOf("--");
  return end < 0 ? words : words.slice(0, end);
}

/**
 * The language to speak: what `--lang` says, else what the environment's locale says, else English.
 *
 * @param words - the command's words, looked through for `--lang` before they are parsed, since the help itself
 *   is in that language.
 */
export function chooseLanguage(words: readonly string[], environment: NodeJS.ProcessEnv): Language {
  const own = ownWords(words);
  const index = own.indexOf("--lang");
  const asked =
    index >= 0 ? own[index + 1] : own.find((word) => word.startsWith("--lang="))?.slice("--lang=".length);
  // An empty variable counts as none (POSIX, Environment Variables, 8.2).
  const locale = ["LC_ALL", "LC_MESSAGES", "LANG"].map((name) => environment[name] ?? "").find(Boolean) ?? "";
  if (asked === "ja" || asked === "en") return asked;
  return locale.startsWith("ja") ? "ja" : "en";
}

/** Speaks one language: takes a text in both and gives the words. */
export type Speak = (text: Text) => string;

/** The words of a text in that language. */
export function speakerOf(language: Language): Speak {
  return (text) => text[language];
}
