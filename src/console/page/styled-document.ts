/*
 * xterm.js makes <style> elements, and gives the cells of some colours a style attribute. The page's policy refuses
 * both unless the element has the nonce of the page, and never lets an attribute pass; what a script sets by CSSOM is
 * allowed.
 */

/** The document, but that the styles which are made by it are let through by the page's policy. */
export function styledDocument(): Document {
  const nonce = document.querySelector<HTMLElement>("script[data-style-nonce]")?.dataset["styleNonce"] ?? "";
  const createElement = (tag: string): HTMLElement => {
    const element = document.createElement(tag);
    if (element instanceof HTMLStyleElement) element.nonce = nonce;
    if (element instanceof HTMLSpanElement) element.setAttribute = setByCssom;
    return element;
  };
  return new Proxy(document, {
    get: (target, name) => {
      if (name === "createElement") return createElement;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
    set: (target, name, value) => Reflect.set(target, name, value, target),
  });
}

function setByCssom(this: HTMLElement, name: string, value: string): void {
  if (name === "style") this.style.cssText = value;
  else Element.prototype.setAttribute.call(this, name, value);
}
