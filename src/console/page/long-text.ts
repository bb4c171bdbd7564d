import { button, make, visible } from "./element.ts";
import { says, speak } from "./language.ts";
import { words } from "./words.ts";

/** Shown at first, and added with each press: what a browser lays out in some milliseconds. */
const firstCharacters = 20_000;
const moreCharacters = 100_000;

/** A stranger's text of any length: its beginning, and the rest piece by piece on demand. */
export function longText(text: string, className: string): HTMLElement {
  const element = make("pre", { class: `long-text ${className}`, dir: "auto", tabindex: 0 });
  let shown = 0;
  const more = button({}, () => {
    show(moreCharacters);
  });
  const box = make("div", {}, element, more);
  const show = (count: number): void => {
    // A piece is a block of its own, which would part a line that goes on.
    const lineEnd = text.lastIndexOf("\n", shown + count) + 1;
    const end = lineEnd > shown ? lineEnd : shown + count;
    element.append(make("bdi", { class: "piece" }, visible(text.slice(shown, end))));
    shown = end;
    more.hidden = shown >= text.length;
  };
  says(more, () => `${speak(words.showMore)} (${Math.max(0, text.length - shown).toLocaleString()})`);
  show(firstCharacters);
  says(more, () => `${speak(words.showMore)} (${Math.max(0, text.length - shown).toLocaleString()})`);
  return box;
}
