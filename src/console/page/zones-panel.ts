import type { Zone } from "../api.ts";
import { ask } from "./ask.ts";
import { foreign, make } from "./element.ts";
import { onLanguage, speak } from "./language.ts";
import { fillFrom } from "./problem.ts";
import { words } from "./words.ts";

/** The zones as BIND serves them. */
export class ZonesPanel {
  readonly element = make("div", { class: "scroll", tabindex: 0 });

  constructor() {
    onLanguage(() => {
      if (this.element.childElementCount > 0) this.onShow();
    });
  }

  /** Called when the panel comes to be seen: asks anew. */
  onShow(): void {
    void fillFrom(this.element, async () => {
      const zones = await ask<readonly Zone[]>("/api/zones");
      return zones.length === 0 ? [make("p", { class: "notice" }, speak(words.noZones))] : zones.map(blockOf);
    });
  }
}

function blockOf({ domain, records, problem }: Zone): HTMLElement {
  const names = ["name", "type", "value"] as const;
  return make(
    "section",
    { class: "block" },
    make("h3", {}, domain),
    problem === undefined ? undefined : make("p", { class: "badge wrong" }, speak(problem)),
    make(
      "table",
      { class: "records" },
      make(
        "thead",
        {},
        make("tr", {}, ...names.map((name) => make("th", { scope: "col" }, speak(words[name])))),
      ),
      make(
        "tbody",
        {},
        ...records.map(({ name, type, value }) =>
          make(
            "tr",
            { class: "mono" },
            make("td", {}, foreign(name)),
            make("td", {}, make("span", { class: type === "MX" ? "badge passed" : "badge not-yet" }, type)),
            make("td", {}, foreign(value, 600)),
          ),
        ),
      ),
    ),
  );
}
