import { make, type Child } from "./element.ts";

/** One tab with its panel. */
export interface Tab {
  readonly id: string;
  /** What stands on the tab. */
  readonly label: Child;
  readonly panel: HTMLElement;
  /** Called each time its panel comes to be seen. */
  readonly onShow?: (() => void) | undefined;
}

/** A row of tabs that the arrow keys go through, as the ARIA practices describe them; one panel shows at a time. */
export class Tabs {
  readonly list: HTMLElement;
  readonly panels = make("div", { class: "tab-panels" });
  readonly #tabs = new Map<string, Tab & { readonly button: HTMLButtonElement }>();
  #shown: string | undefined;

  /** @param name - begins the ids of this row's elements. */
  constructor(name: string) {
    this.list = make("div", { role: "tablist", class: "tabs", id: name });
    this.list.addEventListener("keydown", (event) => {
      this.#onKey(event);
    });
  }

  /** The tab whose panel shows. */
  get shown(): string | undefined {
    return this.#shown;
  }

  /** Puts a tab at the end. */
  add(tab: Tab): void {
    const id = `${this.list.id}-${tab.id}`;
    const button = make(
      "button",
      {
        type: "button",
        role: "tab",
        id,
        "aria-controls": `${id}-panel`,
        "aria-selected": "false",
        tabindex: -1,
      },
      tab.label,
    );
    button.addEventListener("click", () => {
      this.show(tab.id);
    });
    tab.panel.id = `${id}-panel`;
    tab.panel.setAttribute("role", "tabpanel");
    tab.panel.setAttribute("aria-labelledby", id);
    tab.panel.hidden = true;
    this.#tabs.set(tab.id, { ...tab, button });
    this.list.append(button);
    this.panels.append(tab.panel);
    if (this.#shown === undefined) this.show(tab.id);
  }

  /** Takes a tab away; the one before it shows in its place. */
  remove(id: string): void {
    const ids = [...this.#tabs.keys()];
    const tab = this.#tabs.get(id);
    if (tab === undefined) return;
    tab.button.remove();
    tab.panel.remove();
    this.#tabs.delete(id);
    if (this.#shown !== id) return;
    this.#shown = undefined;
    const next = ids[ids.indexOf(id) - 1] ?? ids[1];
    if (next !== undefined) this.show(next);
  }

  /** Shows a tab's panel. */
  show(id: string): void {
    const wanted = this.#tabs.get(id);
    if (wanted === undefined) return;
    for (const tab of this.#tabs.values()) {
      const isShown = tab === wanted;
      tab.button.setAttribute("aria-selected", String(isShown));
      tab.button.tabIndex = isShown ? 0 : -1;
      tab.panel.hidden = !isShown;
    }
    this.#shown = id;
    wanted.button.scrollIntoView({ block: "nearest", inline: "nearest" });
    wanted.onShow?.();
  }

  #onKey(event: KeyboardEvent): void {
    const ids = [...this.#tabs.keys()];
    const at = ids.indexOf(this.#shown ?? "");
    const moves: Readonly<Record<string, number>> = {
      ArrowRight: at + 1,
      ArrowLeft: at - 1,
      Home: 0,
      End: ids.length - 1,
    };
    const target = moves[event.key];
    const id = target === undefined ? undefined : ids[(target + ids.length) % ids.length];
    if (id === undefined) return;
    event.preventDefault();
    this.show(id);
    this.#tabs.get(id)?.button.focus();
  }
}
