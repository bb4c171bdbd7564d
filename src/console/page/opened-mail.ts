import type { OpenedMail } from "../api.ts";
import { fill, foreign, make, type Child } from "./element.ts";
import { says, saysAs, speak } from "./language.ts";
import { longText } from "./long-text.ts";
import { dateText, sizeText } from "./mailbox-panel.ts";
import { faultText } from "./problem.ts";
import { Tabs } from "./tabs.ts";
import { words } from "./words.ts";

let count = 0;

/** A mail that was opened: decoded, its headers, its source. */
export class OpenedMailView {
  readonly element = make("article", { class: "opened", tabindex: -1 });
  #question = 0;

  constructor() {
    saysAs(this.element, "aria-label", words.decoded);
    this.clear();
  }

  /** Shows that no mail is open. */
  clear(): void {
    this.#question += 1;
    fill(this.element, says(make("p", { class: "notice" }), words.chooseFromMailbox));
  }

  /** Shows the mail that `fetchMail` brings; the one that was asked for last stays. */
  async show(fetchMail: () => Promise<OpenedMail>): Promise<void> {
    const question = ++this.#question;
    this.element.setAttribute("aria-busy", "true");
    try {
      const mail = await fetchMail();
      if (question === this.#question) fill(this.element, ...viewOf(mail));
    } catch (error) {
      if (question !== this.#question) return;
      fill(this.element, make("p", { class: "notice", role: "alert" }, faultText(error)));
    } finally {
      if (question === this.#question) this.element.removeAttribute("aria-busy");
    }
  }
}

function viewOf(mail: OpenedMail): readonly Node[] {
  const { subject, from, to, date, sizeBytes, decodingProblem } = mail;
  const facts: readonly (readonly [keyof typeof words, Child])[] = [
    ["from", from === "" ? says(make("span"), words.noSender) : foreign(from)],
    ["to", foreign(to)],
    ["date", date === undefined ? "–" : says(make("span"), () => dateText(date))],
    ["size", sizeText(sizeBytes)],
  ];
  return [
    make(
      "header",
      {},
      make("h3", {}, subject === "" ? says(make("span"), words.noSubject) : foreign(subject)),
      make(
        "dl",
        { class: "facts" },
        ...facts.map(([name, value]) =>
          make("div", {}, says(make("dt"), words[name]), make("dd", {}, value)),
        ),
      ),
      decodingProblem === undefined
        ? undefined
        : says(make("p", { class: "badge unknown" }), () => speak(decodingProblem)),
    ),
    ...tabsOf(mail),
  ];
}

function tabsOf({ text, headers, raw, isTextCut, isRawCut, parts }: OpenedMail): readonly Node[] {
  const tabs = new Tabs(`mail-${++count}`);
  const cut = (isCut: boolean): HTMLElement | undefined =>
    isCut ? says(make("p", { class: "quiet" }), words.rawCut) : undefined;
  tabs.add({
    id: "text",
    label: says(make("span"), words.decoded),
    panel: make("div", { class: "mail-text" }, longText(text, "decoded"), cut(isTextCut), partList(parts)),
  });
  const late = (id: string, word: keyof typeof words, content: () => readonly Child[]): void => {
    const panel = make("div", { class: "mail-text" });
    const onShow = (): void => {
      if (panel.childElementCount === 0) fill(panel, ...content());
    };
    tabs.add({ id, label: says(make("span"), words[word]), panel, onShow });
  };
  late("headers", "headers", () => [
    make(
      "table",
      { class: "headers" },
      make(
        "tbody",
        {},
        ...headers.map(({ name, value }) =>
          make(
            "tr",
            {},
            make("th", { scope: "row" }, foreign(name, 80)),
            make("td", {}, foreign(value, 2000)),
          ),
        ),
      ),
    ),
  ]);
  late("raw", "raw", () => [longText(raw, "raw"), cut(isRawCut)]);
  return [tabs.list, tabs.panels];
}

function partList(parts: OpenedMail["parts"]): HTMLElement | undefined {
  if (parts.length === 0) return undefined;
  return make(
    "section",
    { class: "parts" },
    says(make("h4"), words.parts),
    make(
      "ul",
      {},
      ...parts.map(({ name, type, sizeBytes }) =>
        make(
          "li",
          {},
          foreign(name === "" ? "–" : name, 120),
          " ",
          make("span", { class: "quiet" }, foreign(type, 80), ` · ${sizeText(sizeBytes)}`),
        ),
      ),
    ),
  );
}
