/*
 * xterm.js makes <style> elements, and gives the cells of some colours a style attribute. The page's policy refuses
 * both unless the element has the nonce of the page, and never lets an attribute pass; what a script sets by CSSOM is
 * allowed. Its option for another document is not heeded everywhere, so the page's own document is changed.
 */

/** Has the styles that a script makes from now on pass the page's policy. */
export function letStylesPass(): void {
  const nonce = document.querySelector<HTMLElement>("script[data-style-nonce]")?.dataset["styleNonce"] ?? "";
  // The name has two older forms which are deprecated; this one is not.
  /* eslint-disable @typescript-eslint/no-deprecated */
  const createElement = document.createElement.bind(document);
  document.createElement = (tag: string, options?: ElementCreationOptions): HTMLElement => {
    const element = createElement(tag, options);
    if (element instanceof HTMLStyleElement) element.nonce = nonce;
    if (element instanceof HTMLSpanElement) element.setAttribute = setByCssom;
    return element;
  };
  /* eslint-enable @typescript-eslint/no-deprecated */
}

function setByCssom(this: HTMLElement, name: string, value: string): void {
  if (name === "style") this.style.cssText = value;
  else Element.prototype.setAttribute.call(this, name, value);
}
