/** The languages that the lab speaks. */
export type Language = "ja" | "en";

/** A text for people, in both languages. */
export type Text = Readonly<Record<Language, string>>;

/** The same words in both languages: names, commands, figures. */
export function sameText(words: string): Text {
  return { ja: words, en: words };
}
