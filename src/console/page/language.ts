import type { Language, Text } from "../../model/text.ts";

const storageKey = "mail-lab-language";
/** Marks what speaks, so that a switch of the language finds it. */
const mark = "data-spoken";

/** How an element comes by its words. */
type Words = Text | (() => string);

const sayings = new WeakMap<Element, Map<string, Words>>();
const listeners = new Set<() => void>();
let current: Language = chosenLanguage();

function chosenLanguage(): Language {
  const stored = localStorage.getItem(storageKey);
  if (stored === "ja" || stored === "en") return stored;
  const known = navigator.languages.map((tag) => tag.slice(0, 2)).find((tag) => tag === "ja" || tag === "en");
  return known === "ja" ? "ja" : "en";
}

/** The language that the page speaks now. */
export function language(): Language {
  return current;
}

/** A text in the page's language. */
export function speak(text: Text): string {
  return text[current];
}

/** The tag by which dates and numbers are written. */
export function locale(): string {
  return current === "ja" ? "ja-JP" : "en-GB";
}

/** Has an element say a text, now and after each switch of the language. */
export function says<Kind extends Element>(element: Kind, words: Words): Kind {
  return keep(element, "", words);
}

/** The same for an attribute: `aria-label`, `title`, `placeholder`. */
export function saysAs<Kind extends Element>(element: Kind, attribute: string, words: Words): Kind {
  return keep(element, attribute, words);
}

function keep<Kind extends Element>(element: Kind, attribute: string, words: Words): Kind {
  const own = sayings.get(element) ?? new Map<string, Words>();
  own.set(attribute, words);
  sayings.set(element, own);
  element.setAttribute(mark, "");
  say(element, attribute, words);
  return element;
}

function say(element: Element, attribute: string, words: Words): void {
  const text = typeof words === "function" ? words() : speak(words);
  if (attribute === "") element.textContent = text;
  else element.setAttribute(attribute, text);
}

/** Calls `listener` after each switch, for what is drawn as a whole. */
export function onLanguage(listener: () => void): void {
  listeners.add(listener);
}

/** Has the whole page speak a language, and keeps the choice. */
export function switchLanguage(wanted: Language): void {
  current = wanted;
  localStorage.setItem(storageKey, wanted);
  showLanguage();
  for (const element of document.querySelectorAll(`[${mark}]`)) {
    for (const [attribute, words] of sayings.get(element) ?? []) say(element, attribute, words);
  }
  for (const listener of listeners) listener();
}

/** Tells the browser, which chooses fonts and a reader's voice by it. */
export function showLanguage(): void {
  document.documentElement.lang = current;
}
