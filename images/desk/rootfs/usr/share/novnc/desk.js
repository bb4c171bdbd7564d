// The password comes in the address's fragment, which a browser never sends anywhere. It is taken off the
// address bar at once, where a class could read it from a projector, and kept for this tab alone, so that a
// reload does not ask.
const given = new URLSearchParams(location.hash.slice(1)).get("password");
if (given !== null) {
  sessionStorage.setItem("password", given);
  history.replaceState(null, "", location.pathname);
}
const password = given ?? sessionStorage.getItem("password");
const settings = new URLSearchParams({
  autoconnect: "1",
  resize: "remote",
  reconnect: "1",
  reconnect_delay: "1000",
  ...(password === null ? {} : { password }),
});
const screen = document.createElement("iframe");
screen.src = `vnc.html#${settings}`;
screen.title = "mail-lab desk";
screen.allow = "fullscreen; clipboard-read; clipboard-write";
screen.addEventListener("load", () => screen.contentWindow.focus());
document.body.append(screen);
