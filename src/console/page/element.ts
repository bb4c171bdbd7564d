/** What may stand inside an element: text always becomes a text node, never markup. */
export type Child = Node | string | undefined;

/** Attributes by name; `undefined` and `false` leave one away, `true` sets it empty. */
type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** Makes an HTML element; `style` is refused, since the page's policy forbids it as text. */
export function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  return filled(document.createElement(tag), attributes, children);
}

/** Makes an SVG element. */
export function draw<Tag extends keyof SVGElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly Child[]
): SVGElementTagNameMap[Tag] {
  return filled(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

function filled<Kind extends Element>(
  element: Kind,
  attributes: Attributes,
  children: readonly Child[],
): Kind {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false)
      element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.filter((child) => child !== undefined));
  return element;
}

/** A button that calls `onPress`. */
export function button(attributes: Attributes, onPress: () => void, ...children: readonly Child[]) {
  const made = make("button", { type: "button", ...attributes }, ...children);
  made.addEventListener("click", onPress);
  return made;
}

/** Control characters that would change what stands around them, and the ones that cannot be seen. */
// eslint-disable-next-line no-control-regex -- these are what is looked for
const unseen = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** A stranger's text with what cannot be seen made visible, `‹U+202E›`. */
export function visible(text: string): string {
  return text.replace(
    unseen,
    (sign) => `‹U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}›`,
  );
}

/**
 * A stranger's text on one line: its own direction of writing stays its own, and what is longer than `maxLength` is
 * cut, with the whole as its tip.
 */
export function foreign(text: string, maxLength = 300): HTMLElement {
  const shown = visible(text.slice(0, maxLength));
  const isCut = text.length > maxLength;
  const tip = isCut ? visible(text.slice(0, 2000)) : undefined;
  return make("bdi", { class: "foreign", title: tip }, isCut ? `${shown}…` : shown);
}

/** Puts these in the place of everything that was in the element. */
export function fill(element: Element, ...children: readonly Child[]): void {
  element.replaceChildren(...children.filter((child) => child !== undefined));
}
