import type { CheckStatus } from "../../checks/check.ts";
import type { StepsPicture, StepText, StepTexts } from "../api.ts";
import { ask, tell } from "./ask.ts";
import { button, fill, make } from "./element.ts";
import { language, locale, onLanguage, says, saysAs, speak } from "./language.ts";
import { StepView } from "./step-view.ts";
import { statusWords } from "./status.ts";
import { faultText } from "./problem.ts";
import { words } from "./words.ts";

/** The chapter's steps, turning as the student works. */
export class StepsPanel {
  readonly element = make("aside", { class: "steps card", id: "steps", tabindex: -1 });
  readonly #bar = make("progress", { max: 1, value: 0 });
  readonly #count = make("span", { class: "step-count" });
  readonly #when = make("span", { class: "quiet", role: "status" });
  /** Above the marks: whose they are. */
  readonly #hosts = make("div", { class: "marks", "aria-hidden": "true" });
  readonly #list = make("ol");
  readonly #news = make("p", { class: "sr-only", role: "status" });
  readonly #views = new Map<string, StepView>();
  readonly #check = says(
    button({}, () => void this.#lookNow()),
    words.checkNow,
  );
  #picture: StepsPicture | undefined;
  #isLooking = false;

  constructor() {
    saysAs(this.element, "aria-label", words.chapter);
    saysAs(this.#bar, "aria-label", words.chapter);
    this.element.append(
      make(
        "header",
        {},
        make("div", { class: "actions" }, says(make("h2"), words.chapter), this.#count),
        this.#bar,
        make("div", { class: "actions" }, this.#when, this.#check),
        this.#hosts,
      ),
      this.#list,
      this.#news,
    );
    onLanguage(() => {
      this.#draw();
    });
  }

  /** Fetches what is to be done. */
  async open(): Promise<void> {
    try {
      const { steps } = await ask<StepTexts>("/api/steps");
      this.#show(steps);
    } catch (error) {
      fill(this.#list, make("li", { class: "notice", role: "alert" }, faultText(error)));
    }
  }

  /** Takes a look's results; what has changed glows, and is read out. */
  take(isLooking: boolean, picture: StepsPicture | undefined): void {
    const before = this.#picture;
    this.#isLooking = isLooking;
    if (picture !== undefined) this.#picture = picture;
    this.#draw();
    if (picture !== undefined && before !== undefined) this.#tellChanges(before, picture);
  }

  #show(steps: readonly StepText[]): void {
    this.#views.clear();
    for (const step of steps) this.#views.set(step.id, new StepView(step));
    fill(this.#list, ...[...this.#views.values()].map(({ element }) => element));
    this.#draw();
  }

  #draw(): void {
    this.element.classList.toggle("is-looking", this.#isLooking);
    const { steps = [], findings = [], lookedAt } = this.#picture ?? {};
    for (const [id, view] of this.#views) {
      view.show(
        steps.filter(({ step }) => step === id),
        findings.filter(({ step }) => step === id),
      );
    }
    const hosts = [...new Set(steps.map(({ host }) => host))];
    fill(this.#hosts, ...hosts.map((host) => make("span", {}, host)));
    const chapter = [...this.#views].filter(([id]) => id !== "foundation");
    const passed = chapter.filter(([, view]) => view.status === "passed").length;
    this.#bar.max = Math.max(1, chapter.length);
    this.#bar.value = passed;
    this.#count.textContent = `${passed} / ${chapter.length}`;
    this.#when.textContent =
      this.#isLooking || lookedAt === undefined
        ? speak(words.checking)
        : `${speak(words.checkedAt)} ${clockOf(lookedAt)}`;
    const current = chapter.find(([, view]) => view.status !== "passed")?.[0];
    for (const [id, view] of this.#views) view.markCurrent(this.#picture !== undefined && id === current);
  }

  #tellChanges(before: StepsPicture, after: StepsPicture): void {
    const old = new Map<string, CheckStatus>(
      before.steps.map(({ host, step, status }) => [`${host} ${step}`, status]),
    );
    const changed = after.steps.filter(({ host, step, status }) => old.get(`${host} ${step}`) !== status);
    for (const { host, step } of changed) this.#views.get(step)?.glow(host);
    if (changed.length === 0) return;
    this.#news.lang = language();
    this.#news.textContent = changed
      .map(({ host, step, status }) => `${host} ${step}: ${speak(statusWords[status])}`)
      .join(", ");
  }

  async #lookNow(): Promise<void> {
    this.#check.disabled = true;
    try {
      await tell("/api/check", {});
    } catch (error) {
      this.#when.textContent = faultText(error);
    } finally {
      this.#check.disabled = false;
    }
  }
}

function clockOf(time: string): string {
  return new Intl.DateTimeFormat(locale(), { timeStyle: "medium", hourCycle: "h23" }).format(new Date(time));
}
