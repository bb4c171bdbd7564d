import type { LabPicture } from "../api.ts";
import { button, fill, make } from "./element.ts";
import { says, saysAs, speak } from "./language.ts";
import { Tabs } from "./tabs.ts";
import type { TerminalView } from "./terminal-view.ts";
import { words } from "./words.ts";

/** Terminals to the hosts, one a tab. */
export class Terminals {
  readonly element = make("div", { class: "terminals" });
  readonly #host = make("select", { id: "terminal-host" });
  readonly #user = make("select", { id: "terminal-user" });
  readonly #tabs = new Tabs("terminals");
  readonly #views = new Map<string, TerminalView>();
  readonly #notice = says(make("p", { class: "notice" }), words.noTerminal);
  #users = new Map<string, readonly string[]>();
  #count = 0;

  constructor() {
    saysAs(this.#tabs.list, "aria-label", words.terminals);
    this.#host.addEventListener("change", () => {
      this.#offerUsers();
    });
    const open = says(
      button({ class: "main" }, () => void this.open(this.#host.value, this.#user.value)),
      words.openTerminal,
    );
    this.element.append(
      make(
        "div",
        { class: "bar" },
        says(make("label", { for: "terminal-host" }), words.host),
        this.#host,
        says(make("label", { for: "terminal-user" }), words.user),
        this.#user,
        open,
        this.#tabs.list,
      ),
      this.#notice,
      this.#tabs.panels,
    );
    this.#showEmptiness();
  }

  /** Offers the hosts and their users. */
  take(lab: LabPicture): void {
    const users = new Map(
      lab.nodes.flatMap(({ name, terminals }) =>
        terminals.length === 0 ? [] : [[name, terminals] as const],
      ),
    );
    if (JSON.stringify([...users]) === JSON.stringify([...this.#users])) return;
    this.#users = users;
    offer(this.#host, [...users.keys()]);
    this.#offerUsers();
  }

  /** Called when the panel comes to be seen. */
  onShow(): void {
    if (this.#tabs.shown !== undefined) this.#views.get(this.#tabs.shown)?.show();
  }

  /** Opens a terminal; its administrator's unless a user is given. */
  async open(host: string, user = this.#administratorOf(host)): Promise<void> {
    if (host === "" || user === "") return;
    const id = String(++this.#count);
    // The terminal's own code is fetched when it is wanted: nobody waits for it to see the page.
    const { TerminalView } = await import("./terminal-view.ts");
    const view = new TerminalView(host, user, () => {
      view.close();
      this.#views.delete(id);
      this.#tabs.remove(id);
      this.#showEmptiness();
    });
    this.#views.set(id, view);
    this.#tabs.add({
      id,
      label: make("span", {}, make("bdi", {}, user), `@${host}`),
      panel: view.element,
      onShow: () => {
        view.show();
      },
    });
    this.#showEmptiness();
    this.#tabs.show(id);
    view.start();
  }

  #showEmptiness(): void {
    const isEmpty = this.#views.size === 0;
    this.#notice.hidden = !isEmpty;
    this.#tabs.list.hidden = isEmpty;
    this.#tabs.panels.hidden = isEmpty;
  }

  #administratorOf(host: string): string {
    const users = this.#users.get(host) ?? [];
    return users.find((user) => user === "ubuntu") ?? users[0] ?? "";
  }

  #offerUsers(): void {
    offer(this.#user, this.#users.get(this.#host.value) ?? []);
  }
}

/** Fills a choice, keeping what was chosen where it is still offered. */
function offer(select: HTMLSelectElement, values: readonly string[]): void {
  const before = select.value;
  fill(select, ...values.map((value) => make("option", { value }, value)));
  if (values.includes(before)) select.value = before;
  select.disabled = values.length === 0;
  select.title = values.length === 0 ? speak(words.loading) : "";
}
