/** A text for people, in the lab's two languages. */
export interface LocalText {
  readonly en: string;
  readonly ja: string;
}

/** The same words in both languages: names, commands, what another program said. */
export function sameText(words: string): LocalText {
  return { en: words, ja: words };
}
