import type { MailEvent } from "../api.ts";
import { button, fill, foreign, make, type Child } from "./element.ts";
import { locale, onLanguage, says, saysAs, speak } from "./language.ts";
import { eventWords, stateLooks, stateSigns, stateWords } from "./mail-words.ts";
import type { MailStories, MailStory } from "./stories.ts";
import { words } from "./words.ts";

/** So many mails are listed; of the others the filter of the logs tells. */
const listedMails = 60;

/** The mails that have passed, and the way of the one that was chosen. */
export class MailsPanel {
  readonly element = make("div", { class: "split" });
  readonly #list = make("ul", { class: "mail-list" });
  readonly #story = make("div", { class: "story", tabindex: 0, role: "region" });
  readonly #stories: MailStories;
  readonly #onFilter: (mail: string) => void;
  #chosen: string | undefined;
  #isStale = true;

  constructor(stories: MailStories, onFilter: (mail: string) => void) {
    this.#stories = stories;
    this.#onFilter = onFilter;
    saysAs(this.#list, "aria-label", words.mailList);
    saysAs(this.#story, "aria-label", words.mailStory);
    this.element.append(this.#list, this.#story);
    onLanguage(() => {
      this.show();
    });
  }

  /** Opens a mail's way. */
  choose(mail: string): void {
    this.#chosen = mail;
    this.show();
    this.#list.querySelector('[aria-current="true"]')?.scrollIntoView({ block: "nearest" });
  }

  /** Draws what has changed at the next frame, once for many events. */
  refresh(): void {
    if (this.#isStale) return;
    this.#isStale = true;
    // A page that is not looked at has no frames.
    setTimeout(() => {
      this.show();
    }, 16);
  }

  /** Draws the list and the way anew, keeping the focus where it was. */
  show(): void {
    this.#isStale = false;
    const focused = document.activeElement?.getAttribute("data-mail");
    const stories = this.#stories.all;
    this.element.classList.toggle("is-empty", stories.length === 0);
    fill(this.#list, ...stories.slice(0, listedMails).map((story) => this.#row(story)));
    if (focused !== null && focused !== undefined && this.#list.isConnected) {
      this.#list
        .querySelector<HTMLElement>(`[data-mail="${CSS.escape(focused)}"]`)
        ?.focus({ preventScroll: true });
    }
    const chosen = this.#stories.of(this.#chosen ?? "");
    if (chosen !== undefined) fill(this.#story, ...this.#way(chosen));
    else
      fill(
        this.#story,
        make("p", { class: "notice" }, speak(stories.length === 0 ? words.noMails : words.chooseMail)),
      );
  }

  #row(story: MailStory): HTMLElement {
    const { mail, state, from, to, events } = story;
    const isChosen = mail === this.#chosen;
    const first = events[0];
    return make(
      "li",
      {},
      button(
        {
          class: "mail-row",
          "data-mail": mail,
          "data-message-id": story.messageId,
          "data-state": state,
          "aria-current": isChosen ? "true" : undefined,
        },
        () => {
          this.choose(mail);
        },
        make(
          "span",
          { class: `badge ${stateLooks[state]}` },
          stateSigns[state],
          " ",
          speak(stateWords[state]),
        ),
        make("span", { class: "quiet" }, first === undefined ? "" : clock(first.atMs)),
        make("span", { class: "who" }, address(from), " → ", address(to)),
      ),
    );
  }

  #way(story: MailStory): readonly Node[] {
    const { mail, messageId, from, to, notificationOf, events } = story;
    const filter = says(
      button({}, () => {
        this.#onFilter(mail);
      }),
      words.showInLog,
    );
    const origin =
      notificationOf === undefined
        ? undefined
        : button(
            { class: "plain" },
            () => {
              this.choose(notificationOf);
            },
            speak(words.notificationOf),
          );
    return [
      make(
        "header",
        {},
        make("h3", {}, address(from), " → ", address(to)),
        make(
          "p",
          { class: "mono quiet" },
          messageId === undefined ? speak(words.noMessageId) : foreign(`<${messageId}>`),
        ),
        make("p", { class: "actions" }, filter, origin),
      ),
      make("ol", { class: "timeline" }, ...events.map(eventRow)),
    ];
  }
}

function eventRow(event: MailEvent): HTMLElement {
  const { kind, host, queueId, sinceStartMs, nextHost, nextQueueId, relay, reason, client, to } = event;
  const look = kind === "removed" ? "not-yet" : stateLooks[kind];
  const goal: Child =
    nextHost !== undefined ? `${nextHost}${nextQueueId === undefined ? "" : ` (${nextQueueId})`}` : undefined;
  const details: readonly (readonly [string, Child])[] = [
    [speak(words.queueId), queueId],
    [speak(words.client), client === undefined || kind !== "queued" ? undefined : foreign(client)],
    [speak(words.to), to === undefined || kind === "queued" ? undefined : foreign(to)],
    [speak(words.nextHop), goal],
    [speak(words.relay), relay === undefined ? undefined : foreign(relay)],
    [speak(words.answer), reason === undefined ? undefined : foreign(reason, 1000)],
  ];
  return make(
    "li",
    { class: "event", "data-kind": kind },
    make(
      "span",
      { class: `dot ${look}`, "aria-hidden": "true" },
      kind === "removed" ? "·" : stateSigns[kind],
    ),
    make(
      "div",
      {},
      make(
        "p",
        {},
        make("strong", {}, host),
        " ",
        speak(eventWords[kind]),
        make("span", { class: "quiet since" }, since(sinceStartMs)),
      ),
      make(
        "dl",
        { class: "facts" },
        ...details.flatMap(([name, value]) =>
          value === undefined
            ? []
            : [make("div", {}, make("dt", {}, name), make("dd", { class: "mono" }, value))],
        ),
      ),
    ),
  );
}

function address(text: string | undefined): Child {
  if (text === undefined) return "?";
  return text === "" ? "<>" : foreign(text, 80);
}

/** Hours, minutes and seconds on the reader's clock. */
export function clock(atMs: number): string {
  return new Intl.DateTimeFormat(locale(), { timeStyle: "medium", hourCycle: "h23" }).format(new Date(atMs));
}

function since(ms: number): string {
  return ms < 1000 ? `+${Math.round(ms)} ms` : `+${(ms / 1000).toFixed(1)} s`;
}
