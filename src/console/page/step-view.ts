import type { CheckResult } from "../../checks/check.ts";
import type { SeatStatus, StepState, StepText } from "../api.ts";
import { button, fill, make, visible } from "./element.ts";
import { says, saysAs, speak } from "./language.ts";
import { flash } from "./picture.ts";
import { statusSigns, statusWords, worstOf } from "./status.ts";
import { words } from "./words.ts";

/** One step: how it stands on each host, and, when it is opened, what to do and what is missing. */
export class StepView {
  readonly element = make("li", { class: "step" });
  readonly #marks = make("span", { class: "marks" });
  readonly #findings = make("div", { class: "findings" });
  readonly #hosts = new Map<string, HTMLElement>();
  #status: SeatStatus | undefined;

  constructor(step: StepText) {
    const { id, title, task, hint } = step;
    this.element.dataset["step"] = id;
    const number = id === "foundation" ? undefined : make("span", { class: "number" }, id);
    this.element.append(
      make(
        "details",
        {},
        make(
          "summary",
          {},
          make("span", { class: "step-title" }, number, says(make("span"), title)),
          this.#marks,
        ),
        make(
          "div",
          { class: "step-body" },
          this.#findings,
          task === undefined ? undefined : says(make("h4"), words.whatToDo),
          task === undefined ? undefined : says(make("p", { class: "task" }), task),
          hint === undefined ? undefined : hintOnDemand(hint),
        ),
      ),
    );
  }

  /** The worst of its hosts; absent before the first look. */
  get status(): SeatStatus | undefined {
    return this.#status;
  }

  /** Shows how it stands. */
  show(states: readonly StepState[], findings: readonly CheckResult[]): void {
    this.#status = states.length === 0 ? undefined : worstOf(states.map(({ status }) => status));
    if (this.#status !== undefined) this.element.dataset["status"] = this.#status;
    for (const { host, status } of states) {
      const mark = this.#markOf(host);
      mark.className = `badge mark ${status}`;
      mark.dataset["status"] = status;
      fill(mark, make("span", { "aria-hidden": "true" }, statusSigns[status]));
      const words_ = (): string => `${host}: ${speak(statusWords[status])}`;
      saysAs(mark, "aria-label", words_);
      saysAs(mark, "title", words_);
    }
    fill(this.#findings, ...findings.map(finding));
  }

  /** Marks the step that is to be done next. */
  markCurrent(isCurrent: boolean): void {
    if (isCurrent) this.element.setAttribute("aria-current", "step");
    else this.element.removeAttribute("aria-current");
  }

  /** Lights a host's mark up for a moment. */
  glow(host: string): void {
    flash(this.#markOf(host));
  }

  #markOf(host: string): HTMLElement {
    const known = this.#hosts.get(host);
    if (known !== undefined) return known;
    const mark = make("span", { role: "img", "data-host": host });
    this.#hosts.set(host, mark);
    this.#marks.append(mark);
    return mark;
  }
}

function hintOnDemand(hint: NonNullable<StepText["hint"]>): HTMLElement {
  return make("details", { class: "hint" }, says(make("summary"), words.showHint), says(make("p"), hint));
}

function finding({ host, title, status, observed, expected, where, hint }: CheckResult): HTMLElement {
  const rows = [
    [words.observed, observed],
    [words.expected, expected],
    [words.where, where],
  ] as const;
  return make(
    "section",
    { class: `finding ${status}` },
    make("h4", {}, `${statusSigns[status]} ${host}: ${speak(title)}`),
    make(
      "dl",
      {},
      ...rows.flatMap(([name, text]) => {
        const words_ = text === undefined ? "" : typeof text === "string" ? text : speak(text);
        return words_ === ""
          ? []
          : [make("dt", {}, speak(name)), make("dd", {}, make("bdi", {}, visible(words_)))];
      }),
    ),
    hint === undefined || status === "not-yet" ? undefined : moreOf(host, hint),
  );
}

function moreOf(host: string, hint: NonNullable<CheckResult["hint"]>): HTMLElement {
  const text = make("p", { hidden: true }, speak(hint));
  const open = button(
    { class: "plain", "aria-label": `${speak(words.showHint)}: ${host}` },
    () => {
      text.hidden = false;
      open.hidden = true;
    },
    speak(words.showHint),
  );
  return make("div", {}, open, text);
}
