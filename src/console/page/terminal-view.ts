import { FitAddon } from "@xterm/addon-fit";
import { Terminal, type ITheme } from "@xterm/xterm";
import type { TerminalReport, TerminalRequest } from "../api.ts";
import { addressOf } from "./ask.ts";
import { button, fill, make } from "./element.ts";
import { says, saysAs, speak } from "./language.ts";
import { letStylesPass } from "./let-styles-pass.ts";
import { problemText } from "./problem.ts";
import { words } from "./words.ts";

const theme: ITheme = {
  background: "#14171c",
  foreground: "#e9ecf0",
  cursor: "#84bdff",
  selectionBackground: "#35558a",
  red: "#ff8b80",
  green: "#7ee2a4",
  yellow: "#f0d277",
  blue: "#84bdff",
  magenta: "#f0b2f0",
  cyan: "#7fdbe0",
  brightBlack: "#9aa3b0",
};

letStylesPass();

/** A shell on a host. */
export class TerminalView {
  readonly element = make("div", { class: "terminal" });
  readonly #screen = make("div", { class: "screen" });
  readonly #status = make("div", { class: "terminal-status", role: "status", hidden: true });
  readonly #host: string;
  readonly #user: string;
  readonly #terminal = new Terminal({
    fontFamily: '"Noto Sans Mono", "Noto Sans Mono CJK JP", ui-monospace, Menlo, Consolas, monospace',
    fontSize: 16,
    cursorBlink: false,
    scrollback: 5_000,
    screenReaderMode: false,
    theme,
  });
  readonly #fit = new FitAddon();
  #socket: WebSocket | undefined;

  constructor(host: string, user: string, onClose: () => void) {
    this.#host = host;
    this.#user = user;
    const close = says(button({}, onClose), words.closeTerminal);
    saysAs(close, "aria-label", () => `${speak(words.closeTerminal)}: ${user}@${host}`);
    const keys = says(make("span", { class: "quiet" }), words.terminalKeys);
    this.element.append(this.#screen, this.#status, make("footer", { class: "bar" }, keys, close));
    this.#terminal.loadAddon(this.#fit);
    this.#terminal.onData((data) => {
      this.#type(data);
    });
    this.#terminal.onResize((size) => {
      this.#tell({ kind: "resize", ...size });
    });
    this.#terminal.attachCustomKeyEventHandler((event) => {
      if (event.key !== "Escape" || !event.ctrlKey || !event.shiftKey) return true;
      if (event.type === "keydown") close.focus();
      return false;
    });
    new ResizeObserver(() => {
      if (this.#screen.checkVisibility()) this.#fit.fit();
    }).observe(this.#screen);
  }

  /** Logs in. */
  start(): void {
    if (this.#terminal.element === undefined) this.#terminal.open(this.#screen);
    this.#fit.fit();
    this.#status.hidden = true;
    const { cols, rows } = this.#terminal;
    const query = { host: this.#host, user: this.#user, cols: String(cols), rows: String(rows) };
    const socket = new WebSocket(addressOf("/api/terminal", query));
    socket.binaryType = "arraybuffer";
    this.#socket = socket;
    let reason = "";
    socket.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
      if (data instanceof ArrayBuffer) this.#terminal.write(new Uint8Array(data));
      else if (typeof data === "string") reason = this.#hear(JSON.parse(data) as TerminalReport) ?? reason;
    });
    socket.addEventListener("close", () => {
      if (socket === this.#socket) this.#sayEnded(reason);
    });
    this.#terminal.focus();
  }

  /** Called when it comes to be seen. */
  show(): void {
    if (this.#terminal.element === undefined) return;
    this.#fit.fit();
    this.#terminal.focus();
  }

  /** Ends the session. */
  close(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close();
    this.#terminal.dispose();
  }

  #hear(report: TerminalReport): string | undefined {
    return report.kind === "problem" ? problemText(report.problem) : undefined;
  }

  #type(data: string): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(new TextEncoder().encode(data));
  }

  #tell(request: TerminalRequest): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(request));
  }

  #sayEnded(reason: string): void {
    const again = says(
      button({}, () => {
        this.#terminal.reset();
        this.start();
      }),
      words.reconnect,
    );
    const text = make("span");
    if (reason === "") says(text, words.terminalEnded);
    else text.textContent = reason;
    fill(this.#status, text, again);
    this.#status.hidden = false;
  }
}
