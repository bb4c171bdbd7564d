import type { LabPicture, SendAnswer, SendForm } from "../api.ts";
import { tell } from "./ask.ts";
import { fill, foreign, make } from "./element.ts";
import { onLanguage, says, speak } from "./language.ts";
import { faultText, problemText } from "./problem.ts";
import { words } from "./words.ts";

/** A form that sends a mail from one of the lab's users to another. */
export class SendPanel {
  readonly element = make("form", { class: "send" });
  readonly #from = make("input", {
    id: "send-from",
    list: "send-addresses",
    autocomplete: "off",
    required: true,
    maxlength: 320,
  });
  readonly #to = make("input", {
    id: "send-to",
    list: "send-addresses",
    autocomplete: "off",
    required: true,
    maxlength: 320,
  });
  readonly #subject = make("input", { id: "send-subject", autocomplete: "off", maxlength: 200 });
  readonly #addresses = make("datalist", { id: "send-addresses" });
  readonly #submit = says(make("button", { class: "main" }), words.send);
  readonly #outcome = make("div", { role: "status", class: "outcome" });
  #isTouched = false;

  constructor() {
    const fields = [
      ["from", this.#from],
      ["to", this.#to],
      ["subject", this.#subject],
    ] as const;
    this.element.append(
      ...fields.flatMap(([name, input]) => [says(make("label", { for: input.id }), words[name]), input]),
      this.#addresses,
      make("span"),
      make("div", { class: "actions" }, this.#submit),
      make("span"),
      this.#outcome,
    );
    this.#subject.value = speak(words.firstSubject);
    onLanguage(() => {
      if (!this.#isTouched) this.#subject.value = speak(words.firstSubject);
    });
    this.element.addEventListener("input", () => {
      this.#isTouched = true;
    });
    this.element.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#send();
    });
  }

  /** Offers the lab's users, and begins with the first two. */
  take(lab: LabPicture): void {
    const addresses = lab.nodes.flatMap(({ users, domain }) => users.map((user) => `${user}@${domain}`));
    fill(this.#addresses, ...addresses.map((value) => make("option", { value })));
    if (this.#isTouched) return;
    this.#from.value = addresses[0] ?? "";
    this.#to.value = addresses.at(-1) ?? "";
  }

  async #send(): Promise<void> {
    const form: SendForm = {
      from: this.#from.value.trim(),
      to: this.#to.value.trim(),
      subject: this.#subject.value,
    };
    this.#submit.disabled = true;
    fill(this.#outcome, says(make("p", { class: "quiet" }), words.sending));
    try {
      fill(this.#outcome, ...outcomeOf(await tell<SendAnswer>("/api/send", form)));
    } catch (error) {
      fill(this.#outcome, make("p", { class: "wrong" }, faultText(error)));
    } finally {
      this.#submit.disabled = false;
    }
  }
}

const outcomeLooks: Readonly<Record<SendAnswer["outcome"], string>> = {
  delivered: "passed",
  deferred: "unknown",
  "on-its-way": "not-yet",
  bounced: "wrong",
  "not-taken": "wrong",
};

function outcomeOf({ outcome, from, to, mailbox, messageId, totalMs, problem }: SendAnswer): readonly Node[] {
  const word = words[`outcome-${outcome}`];
  return [
    make(
      "p",
      {},
      says(make("span", { class: `badge ${outcomeLooks[outcome]}` }), word),
      " ",
      foreign(from),
      " → ",
      foreign(mailbox ?? to),
      make("span", { class: "quiet" }, ` ${(totalMs / 1000).toFixed(2)} s`),
    ),
    make("p", { class: "mono quiet" }, foreign(`<${messageId}>`)),
    ...(problem === undefined ? [] : [says(make("p"), () => problemText(problem))]),
  ];
}
