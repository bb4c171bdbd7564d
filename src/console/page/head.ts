import type { ConsoleSetup, LabPicture, Problem } from "../api.ts";
import { wantedLab } from "./ask.ts";
import { button, fill, make } from "./element.ts";
import { language, onLanguage, says, saysAs, speak, switchLanguage } from "./language.ts";
import type { Connection } from "./live-socket.ts";
import { problemText } from "./problem.ts";
import { chosenTheme, switchTheme, themes } from "./theme.ts";
import { words } from "./words.ts";

const themeWords = { system: words.themeSystem, light: words.themeLight, dark: words.themeDark } as const;

/** The head of the page: which lab, whether it is connected, language and colours. */
export class Head {
  readonly element = make("header", { class: "head" });
  /** Below the head: what is wrong, in a sentence. */
  readonly banner = make("div", { role: "alert" });
  readonly #controls = make("div", { class: "controls" });
  readonly #stage = make("span", { class: "stage quiet" });
  readonly #connection = make("span", { class: "connection", role: "status" });
  #state: Connection = "connecting";
  #problem: Problem | undefined;

  constructor({ lab, className }: ConsoleSetup) {
    const shown = wantedLab() ?? className ?? lab;
    document.title = `${shown} – mail-lab`;
    const back =
      className === undefined || wantedLab() === undefined
        ? undefined
        : says(
            button({}, () => {
              location.hash = "";
            }),
            words.backToClass,
          );
    this.#controls.append(languageSwitch(), themeSwitch());
    this.element.append(
      make("h1", {}, make("span", {}, `mail-lab: ${shown}`), this.#stage),
      this.#connection,
      ...(back === undefined ? [] : [back]),
      this.#controls,
    );
    onLanguage(() => {
      this.#draw();
    });
  }

  /** Puts a control before the language. */
  addControl(control: HTMLElement): void {
    this.#controls.prepend(control);
  }

  /** Says whether the server is reached. */
  showConnection(state: Connection): void {
    this.#state = state;
    if (state === "live") this.#problem = undefined;
    this.#draw();
  }

  /** Says what could not be looked at. */
  showProblem(problem: Problem | undefined): void {
    this.#problem = problem;
    this.#draw();
  }

  /** Says which stage the lab was brought to. */
  showLab({ stage = "", state }: LabPicture): void {
    this.#stage.textContent = stage;
    if (state === "up") this.showProblem(undefined);
  }

  #draw(): void {
    const state = this.#state;
    this.#connection.className = `connection ${state}`;
    const isAway = state === "lost" || state === "refused";
    this.#connection.textContent = speak(isAway ? words.connecting : words[state]);
    this.banner.className = "banner";
    this.banner.hidden = !isAway && this.#problem === undefined;
    if (isAway) {
      this.banner.classList.add("away");
      fill(
        this.banner,
        make("strong", {}, speak(words[state])),
        state === "lost" ? make("span", {}, speak(words.lostHint)) : undefined,
      );
    } else if (this.#problem !== undefined) {
      this.banner.classList.add("trouble");
      this.banner.textContent = problemText(this.#problem);
    }
  }
}

function languageSwitch(): HTMLElement {
  const names = { ja: "日本語", en: "English" } as const;
  const group = make("div", { class: "choice", role: "group" });
  saysAs(group, "aria-label", words.language);
  const buttons = (["ja", "en"] as const).map((code) =>
    button(
      { lang: code, "data-language": code },
      () => {
        switchLanguage(code);
      },
      names[code],
    ),
  );
  const show = (): void => {
    for (const one of buttons)
      one.setAttribute("aria-pressed", String(one.dataset["language"] === language()));
  };
  show();
  onLanguage(show);
  group.append(...buttons);
  return group;
}

function themeSwitch(): HTMLElement {
  const made = button({ class: "theme" }, () => {
    switchTheme(themes[(themes.indexOf(chosenTheme()) + 1) % themes.length] ?? "system");
    says(made, themeWords[chosenTheme()]);
  });
  return says(made, themeWords[chosenTheme()]);
}
