import type { HostQueue, LabNode, LabPicture, Mailbox } from "../api.ts";
import { button, draw, fill, make } from "./element.ts";
import { says, saysAs, speak } from "./language.ts";
import { words } from "./words.ts";
import { Wires } from "./wires.ts";

/** What a person may open by a press on the picture. */
export interface PictureActions {
  readonly openMailbox: (host: string, user: string) => void;
  readonly openQueues: () => void;
  readonly openZones: () => void;
  readonly openTerminal: (host: string) => void;
}

/** How systemd's and the engine's words are lit. */
const goodStates = new Set(["active", "running"]);
const badStates = new Set(["failed", "exited", "dead", "missing"]);

/**
 * The lab drawn: a card a machine with its services, the network between them. Stations are the elements between
 * which mails travel: `host1/queue`, `host1/mailbox/user1`, `desk`, `lan`.
 */
export class Picture {
  readonly element = make("section", { class: "picture card", id: "picture", tabindex: -1 });
  readonly #cards = make("div", { class: "cards" });
  /** The ways between the stations. */
  readonly wires = new Wires(this.element);
  readonly #actions: PictureActions;
  readonly #counts = new Map<string, HTMLElement>();
  #queues: readonly HostQueue[] = [];
  #mailboxes: readonly Mailbox[] = [];
  #drawn = "";

  constructor(actions: PictureActions) {
    this.#actions = actions;
    saysAs(this.element, "aria-label", words.picture);
    this.element.append(this.wires.element, this.#cards);
    new ResizeObserver(() => {
      this.wires.draw();
    }).observe(this.#cards);
  }

  /** Draws the lab; a picture that is the same is left alone. */
  show(lab: LabPicture): void {
    const drawn = JSON.stringify(lab);
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    this.#counts.clear();
    const dns = lab.nodes.filter(({ kind }) => kind === "dns").map((node) => this.#plainCard(node));
    const desks = lab.nodes.filter(({ kind }) => kind === "desk").map((node) => this.#plainCard(node));
    const [first, ...others] = lab.nodes
      .filter(({ kind }) => kind === "host")
      .map((node) => this.#host(node));
    const network = make("div", { class: "lan", "data-station": "lan" }, make("bdi", {}, lab.subnet ?? ""));
    const middle = make("div", { class: "middle" }, ...dns, network, ...desks);
    const emptyText =
      lab.nodes.length === 0 ? says(make("p", { class: "notice" }), words[`lab-${lab.state}`]) : undefined;
    fill(this.#cards, emptyText ?? first, emptyText === undefined ? middle : undefined, ...others);
    this.#showCounts(false);
    this.wires.draw();
  }

  /** What waits in each host's queue. */
  showQueues(queues: readonly HostQueue[]): void {
    this.#queues = queues;
    this.#showCounts(true);
  }

  /** How many mails lie in each mailbox. */
  showMailboxes(mailboxes: readonly Mailbox[]): void {
    this.#mailboxes = mailboxes;
    this.#showCounts(true);
  }

  #host(node: LabNode): HTMLElement {
    const { name, address, domain = "" } = node;
    const services = new Map(node.services.map((service) => [service.name, service.state]));
    const own = ["postfix", "dovecot"];
    const rest = node.services.filter((service) => !own.includes(service.name));
    const queue = this.#row(`${name}/queue`, `queue ${name}`, this.#actions.openQueues, [
      lamp(services.get("postfix") ?? "unknown"),
      make("span", {}, "Postfix"),
      says(make("span", { class: "row-word" }), words.queueCount),
    ]);
    const dovecot = make(
      "div",
      { class: "row" },
      lamp(services.get("dovecot") ?? "unknown"),
      make("span", {}, "Dovecot"),
    );
    const mailboxes = node.users.map((user) =>
      this.#row(
        `${name}/mailbox/${user}`,
        `mailbox ${name} ${user}`,
        () => {
          this.#actions.openMailbox(name, user);
        },
        [letter(), make("bdi", {}, user)],
      ),
    );
    const open = (): void => {
      this.#actions.openTerminal(name);
    };
    const terminal = button({ class: "small mono" }, open, ">_");
    saysAs(terminal, "title", words.openTerminal);
    saysAs(terminal, "aria-label", () => `${speak(words.openTerminal)}: ${name}`);
    return make(
      "article",
      { class: "node host", "data-node": name },
      make("header", {}, lamp(node.container), make("h3", {}, name), ...rest.map(smallService), terminal),
      make(
        "p",
        { class: "mono addresses" },
        make("span", {}, address),
        make("span", { class: "quiet" }, domain),
      ),
      queue,
      dovecot,
      ...mailboxes,
    );
  }

  #plainCard(node: LabNode): HTMLElement {
    const isDns = node.kind === "dns";
    const card = make(
      "article",
      { class: `node ${node.kind}`, "data-node": node.name, "data-station": node.name },
      make("header", {}, lamp(node.container), make("h3", {}, node.name), ...node.services.map(smallService)),
      make("p", { class: "mono addresses" }, make("span", {}, node.address)),
    );
    const word = says(
      isDns ? button({ class: "plain" }, this.#actions.openZones) : make("span", { class: "quiet" }),
      isDns ? words.nameServer : words.desk,
    );
    card.append(make("p", {}, word));
    return card;
  }

  /** A row that opens something, and has a count on its right. */
  #row(station: string, key: string, onPress: () => void, parts: readonly Node[]): HTMLElement {
    const count = make("span", { class: "count" });
    this.#counts.set(key, count);
    return button({ class: "row", "data-station": station }, onPress, ...parts, count);
  }

  #showCounts(isChange: boolean): void {
    for (const { host, mails } of this.#queues) {
      this.#count(`queue ${host}`, mails?.length, false, isChange);
    }
    for (const { host, user, count, unreadCount = 0 } of this.#mailboxes) {
      this.#count(`mailbox ${host} ${user}`, count, unreadCount > 0, isChange);
    }
  }

  #count(key: string, figure: number | undefined, hasNew: boolean, isChange: boolean): void {
    const shown = this.#counts.get(key);
    if (shown === undefined) return;
    const row = shown.parentElement;
    const text = figure === undefined ? "–" : String(figure);
    if (isChange && shown.textContent !== "" && shown.textContent !== text) flash(shown);
    shown.textContent = text;
    const unit = words[key.startsWith("queue") ? "inQueue" : hasNew ? "unreadMails" : "mails"];
    saysAs(shown, "aria-label", () => `${text} ${speak(unit)}`);
    row?.classList.toggle("has-some", (figure ?? 0) > 0);
    row?.classList.toggle("has-new", hasNew);
  }
}

/** Lights an element up for a moment. */
export function flash(element: Element): void {
  element.classList.remove("changed");
  // The animation begins anew only where the class was seen to be away.
  void element.getBoundingClientRect();
  element.classList.add("changed");
}

function lamp(state: string): HTMLElement {
  const kind = goodStates.has(state)
    ? "good"
    : badStates.has(state)
      ? "bad"
      : state === "unknown"
        ? "dim"
        : "off";
  return make("span", { class: `lamp ${kind}`, role: "img", "aria-label": state, title: state });
}

function smallService({ name, state }: LabNode["services"][number]): HTMLElement {
  return make("span", { class: "service" }, lamp(state), name === "named" ? "BIND" : name);
}

/** A letter, whose flap is up when somebody has opened it. */
function letter(): SVGElement {
  return draw(
    "svg",
    { class: "letter", viewBox: "0 0 20 16", width: 20, height: 16, "aria-hidden": "true" },
    draw("rect", { x: 1, y: 2, width: 18, height: 13, rx: 2 }),
    draw("path", { class: "flap", d: "M1.5 3.5 10 10l8.5-6.5" }),
  );
}
