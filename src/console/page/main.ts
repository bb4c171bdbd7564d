import type { ConsoleSetup } from "../api.ts";
import { ask, wantedLab } from "./ask.ts";
import { ClassView } from "./board.ts";
import { make } from "./element.ts";
import { Head } from "./head.ts";
import { LabView } from "./lab-view.ts";
import { says, saysAs, showLanguage } from "./language.ts";
import { fillFrom } from "./problem.ts";
import { showTheme } from "./theme.ts";
import { words } from "./words.ts";

showLanguage();
showTheme();
// A seat is another page: everything of the one before has to go.
window.addEventListener("hashchange", () => {
  location.reload();
});

const content = make("div", { class: "content" });
document.body.append(content);
await fillFrom(content, async () => [pageOf(await ask<ConsoleSetup>("/api/console"))]);

/** The class where there is one and no seat was chosen; else a lab. */
function pageOf(setup: ConsoleSetup): HTMLElement {
  const head = new Head(setup);
  const lab = wantedLab();
  const showConnection = head.showConnection.bind(head);
  if (setup.className !== undefined && lab === undefined) {
    const board = new ClassView((seat) => {
      location.hash = new URLSearchParams({ lab: seat }).toString();
    }, showConnection);
    board.start();
    return make(
      "div",
      { class: "page" },
      skipTo("main", "skipToPanels"),
      head.element,
      head.banner,
      board.element,
    );
  }
  const view = new LabView(head, showConnection);
  view.start();
  return make(
    "div",
    { class: "page" },
    skipTo("panels", "skipToPanels"),
    skipTo("steps", "skipToSteps"),
    head.element,
    head.banner,
    view.element,
  );
}

/** A link for the keyboard. It moves the focus by itself: the address's fragment names the lab. */
function skipTo(id: string, word: "skipToPanels" | "skipToSteps"): HTMLElement {
  const link = says(make("a", { class: "skip", href: `#${id}` }), words[word]);
  saysAs(link, "title", words[word]);
  link.addEventListener("click", (event) => {
    event.preventDefault();
    document.getElementById(id)?.focus();
  });
  return link;
}
