// A classic script, so that it listens before anything else is asked for. A browser drops what it is loading when the
// machine's networks change, and each lab that comes up or goes changes them: the page is then loaded anew.

/** How often that was tried, until the page stands: where the console is gone the browser says so itself. */
const triesKey = "mail-lab-tries";
const mostTries = 20;
const restMs = 500;

let isAgain = false;
window.addEventListener(
  "error",
  ({ target }) => {
    const isPart = target instanceof HTMLScriptElement || target instanceof HTMLLinkElement;
    const tries = Number(sessionStorage.getItem(triesKey) ?? 0);
    if (!isPart || isAgain || tries >= mostTries) return;
    isAgain = true;
    sessionStorage.setItem(triesKey, String(tries + 1));
    setTimeout(() => {
      location.reload();
    }, restMs);
  },
  // What a part fails with does not rise to the window.
  true,
);
window.addEventListener("load", () => {
  if (!isAgain) sessionStorage.removeItem(triesKey);
});
