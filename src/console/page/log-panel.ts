import type { LogLine } from "../api.ts";
import { button, fill, make, visible } from "./element.ts";
import { onLanguage, says, saysAs, speak } from "./language.ts";
import { clock } from "./mails-panel.ts";
import { isLineOf, type MailStories } from "./stories.ts";
import { words } from "./words.ts";

/** Lines that are kept of each host, and how many may be drawn. */
const keptLines = 4_000;
const drawnLines = 1_500;

interface HostLog {
  readonly element: HTMLElement;
  readonly list: HTMLOListElement;
  lines: LogLine[];
  /** Whether its reader stands at the newest line, and goes on with it. */
  isAtEnd: boolean;
}

/** The mail logs of all hosts side by side. */
export class LogPanel {
  readonly element = make("div", { class: "logs" });
  readonly #columns = make("div", { class: "log-columns" });
  readonly #filter = make("input", {
    type: "search",
    id: "log-filter",
    size: 16,
    autocomplete: "off",
    spellcheck: "false",
  });
  readonly #pause = button({ "aria-pressed": "false" }, () => {
    this.#setPaused(!this.#isPaused);
  });
  readonly #checks = button({ "aria-pressed": "false" }, () => {
    this.#hasChecks = !this.#hasChecks;
    this.#checks.setAttribute("aria-pressed", String(this.#hasChecks));
    this.#draw();
  });
  readonly #waiting = make("span", { class: "quiet", role: "status" });
  readonly #mailNotice = make("span", { class: "badge passed", hidden: true });
  readonly #logs = new Map<string, HostLog>();
  readonly #stories: MailStories;
  #mail: string | undefined;
  #isPaused = false;
  /** Whether the lines of the checks' own mails are shown, which nobody has sent. */
  #hasChecks = false;
  #waitingCount = 0;

  constructor(stories: MailStories) {
    this.#stories = stories;
    says(this.#pause, words.pause);
    says(this.#checks, words.checkLines);
    saysAs(this.#filter, "placeholder", words.filterHint);
    this.#filter.addEventListener("input", () => {
      this.#mail = undefined;
      this.#draw();
    });
    const clear = says(
      button({}, () => {
        this.#filter.value = "";
        this.#mail = undefined;
        this.#draw();
      }),
      words.clearFilter,
    );
    this.element.append(
      make(
        "div",
        { class: "bar" },
        says(make("label", { for: "log-filter" }), words.filter),
        this.#filter,
        clear,
        says(this.#mailNotice, words.oneMail),
        this.#waiting,
        this.#checks,
        this.#pause,
      ),
      this.#columns,
    );
    onLanguage(() => {
      this.#draw();
    });
  }

  /** Called when the panel comes to be seen: what came meanwhile could not be scrolled to. */
  onShow(): void {
    for (const { list, isAtEnd } of this.#logs.values()) if (isAtEnd) list.scrollTop = list.scrollHeight;
  }

  /** Filters all hosts' logs by one mail. */
  showMail(mail: string): void {
    this.#mail = mail;
    this.#filter.value = this.#stories.of(mail)?.messageId ?? mail;
    this.#draw();
  }

  /** Has a column for each host. */
  showHosts(hosts: readonly string[]): void {
    for (const host of hosts) this.#logOf(host);
  }

  /** Forgets the lines: the server is about to tell them anew. */
  clear(): void {
    for (const log of this.#logs.values()) log.lines = [];
  }

  /** Takes new lines. */
  take(lines: readonly LogLine[], isFirst: boolean): void {
    for (const line of lines) this.#logOf(line.host).lines.push(line);
    for (const log of this.#logs.values()) {
      if (log.lines.length > keptLines) log.lines = log.lines.slice(-keptLines);
    }
    if (isFirst) {
      this.#draw();
      return;
    }
    if (this.#isPaused) {
      this.#waitingCount += lines.length;
      this.#waiting.textContent = `${this.#waitingCount} ${speak(words.waitingLines)}`;
      return;
    }
    // A mail's queue id is known by a line later than its first ones.
    if (this.#mail !== undefined) this.#draw();
    else this.#append(lines.filter((line) => this.#isWanted(line)));
  }

  #logOf(host: string): HostLog {
    const known = this.#logs.get(host);
    if (known !== undefined) return known;
    const list = make("ol", { tabindex: 0, role: "log", "aria-live": "off" });
    saysAs(list, "aria-label", () => `${host}: mail.log`);
    list.addEventListener("click", (event) => {
      const id =
        event.target instanceof Element ? event.target.closest("button")?.dataset["mail"] : undefined;
      if (id !== undefined) this.showMail(id);
    });
    const element = make(
      "section",
      { class: "log" },
      make("h3", {}, `${host} `, make("span", { class: "mono quiet" }, "/var/log/mail.log")),
      list,
    );
    const log: HostLog = { element, list, lines: [], isAtEnd: true };
    list.addEventListener("scroll", () => {
      log.isAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 40;
    });
    this.#logs.set(host, log);
    this.#columns.append(element);
    return log;
  }

  #isWanted(line: LogLine): boolean {
    if (line.isCheck === true && !this.#hasChecks) return false;
    if (this.#mail !== undefined) {
      const story = this.#stories.of(this.#mail);
      return story === undefined ? line.mail === this.#mail : isLineOf(line, story);
    }
    const wanted = this.#filter.value.trim().toLowerCase();
    return wanted === "" || line.text.toLowerCase().includes(wanted) || line.mail === wanted;
  }

  /** Draws every column anew. */
  #draw(): void {
    this.#waitingCount = 0;
    this.#waiting.textContent = "";
    this.#mailNotice.hidden = this.#mail === undefined;
    for (const log of this.#logs.values()) {
      const { list, lines } = log;
      const shown = lines.filter((line) => this.#isWanted(line)).slice(-drawnLines);
      fill(list, ...shown.map(row));
      if (shown.length === 0) {
        list.append(
          make("li", { class: "quiet" }, speak(lines.length === 0 ? words.noLines : words.noneMatch)),
        );
      }
      if (this.#isPaused) continue;
      log.isAtEnd = true;
      list.scrollTop = list.scrollHeight;
    }
  }

  #append(lines: readonly LogLine[]): void {
    for (const [host, { list, isAtEnd }] of this.#logs) {
      const own = lines.filter((line) => line.host === host).map(row);
      if (own.length === 0) continue;
      if (list.firstElementChild?.matches(".quiet") === true) list.replaceChildren();
      list.append(...own);
      while (list.childElementCount > drawnLines) list.firstElementChild?.remove();
      if (isAtEnd) list.scrollTop = list.scrollHeight;
    }
  }

  #setPaused(isPaused: boolean): void {
    this.#isPaused = isPaused;
    this.#pause.setAttribute("aria-pressed", String(isPaused));
    says(this.#pause, isPaused ? words.follow : words.pause);
    if (!isPaused) this.#draw();
  }
}

const troubled = /status=(deferred|bounced|expired)|reject|warning:|error:|fatal:/;

function row(line: LogLine): HTMLLIElement {
  const { atMs, program, queueId, mail, message, text } = line;
  const kind = message.includes("status=sent") ? "good" : troubled.test(message) ? "trouble" : "";
  const id =
    queueId === undefined
      ? undefined
      : mail === undefined
        ? make("span", { class: "queue-id" }, queueId)
        : make(
            "button",
            { type: "button", class: "plain queue-id", "data-mail": mail, tabindex: -1 },
            queueId,
          );
  return make(
    "li",
    { class: kind, title: visible(text) },
    make("time", {}, clock(atMs)),
    " ",
    make("span", { class: "program" }, visible(program ?? "")),
    " ",
    id,
    " ",
    make("bdi", {}, visible(message)),
  );
}
