import { AskError } from "./ask.ts";
import { button, fill, make } from "./element.ts";
import { says, speak } from "./language.ts";
import { words } from "./words.ts";
import type { Problem } from "../api.ts";

/** A problem's sentence with its next step. */
export function problemText({ text, hint, code }: Problem): string {
  return `${speak(text)}${hint === undefined ? "" : ` → ${speak(hint)}`} [${code}]`;
}

/** What went wrong with a question, in words. */
export function faultText(error: unknown): string {
  return error instanceof AskError ? problemText(error.problem) : speak(words.failed);
}

/** Puts what `work` brings into an element; while it waits that is said, and a failure can be tried again. */
export async function fillFrom(element: HTMLElement, work: () => Promise<readonly Node[]>): Promise<void> {
  element.setAttribute("aria-busy", "true");
  if (element.childElementCount === 0) fill(element, says(make("p", { class: "notice" }), words.loading));
  try {
    fill(element, ...(await work()));
  } catch (error) {
    const again = says(
      button({}, () => void fillFrom(element, work)),
      words.again,
    );
    fill(element, make("div", { class: "notice", role: "alert" }, make("p", {}, faultText(error)), again));
  } finally {
    element.removeAttribute("aria-busy");
  }
}
