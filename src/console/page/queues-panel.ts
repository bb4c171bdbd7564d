import type { HostQueue, QueuedMail } from "../api.ts";
import { fill, foreign, make } from "./element.ts";
import { onLanguage, speak } from "./language.ts";
import { sizeText } from "./mailbox-panel.ts";
import { clock } from "./mails-panel.ts";
import { words } from "./words.ts";

/** What waits in each host's queue, and why. */
export class QueuesPanel {
  readonly element = make("div", { class: "scroll", tabindex: 0 });
  #queues: readonly HostQueue[] = [];

  constructor() {
    onLanguage(() => {
      this.#draw();
    });
  }

  /** Shows the queues. */
  take(queues: readonly HostQueue[]): void {
    this.#queues = queues;
    this.#draw();
  }

  #draw(): void {
    fill(
      this.element,
      ...this.#queues.map(({ host, mails }) =>
        make("section", { class: "block" }, make("h3", {}, host), tableOf(mails)),
      ),
    );
  }
}

function tableOf(mails: readonly QueuedMail[] | undefined): HTMLElement {
  if (mails === undefined) return make("p", { class: "quiet" }, speak(words.noQueue));
  if (mails.length === 0) return make("p", { class: "quiet" }, speak(words.emptyQueue));
  const names = ["queueId", "queue", "arrived", "size", "sender", "recipients"] as const;
  return make(
    "table",
    {},
    make(
      "thead",
      {},
      make("tr", {}, ...names.map((name) => make("th", { scope: "col" }, speak(words[name])))),
    ),
    make("tbody", {}, ...mails.map(row)),
  );
}

function row({ queueId, queueName, arrivedMs, sizeBytes, sender, recipients }: QueuedMail): HTMLElement {
  const look = queueName === "deferred" ? "unknown" : queueName === "hold" ? "lost" : "not-yet";
  return make(
    "tr",
    {},
    make("td", { class: "mono" }, queueId),
    make("td", {}, make("span", { class: `badge ${look}` }, queueName)),
    make("td", { class: "figure" }, clock(arrivedMs)),
    make("td", { class: "figure" }, sizeText(sizeBytes)),
    make("td", {}, sender === "" ? "<>" : foreign(sender, 120)),
    make(
      "td",
      {},
      ...recipients.map(({ address, reason }) =>
        make(
          "div",
          {},
          foreign(address, 120),
          reason === undefined ? undefined : make("p", { class: "quiet" }, foreign(reason, 600)),
        ),
      ),
    ),
  );
}
