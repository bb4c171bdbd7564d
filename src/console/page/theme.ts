const storageKey = "mail-lab-theme";

/** How the page is lit: as the system says, or as was chosen here. */
export type Theme = "system" | "light" | "dark";

/** The themes in the order in which the switch goes through them. */
export const themes: readonly Theme[] = ["system", "light", "dark"];

/** What was chosen; `system` unless something was. */
export function chosenTheme(): Theme {
  const stored = localStorage.getItem(storageKey);
  return stored === "light" || stored === "dark" ? stored : "system";
}

/** Lights the page, and keeps the choice. */
export function switchTheme(theme: Theme): void {
  localStorage.setItem(storageKey, theme);
  showTheme();
}

/** Puts the choice where the style sheet looks for it. */
export function showTheme(): void {
  document.documentElement.dataset["theme"] = chosenTheme();
}
