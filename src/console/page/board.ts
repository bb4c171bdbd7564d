import type { BoardMessage, Problem, SeatBoard, SeatRow, SeatStatus } from "../api.ts";
import { button, fill, foreign, make } from "./element.ts";
import { language, locale, onLanguage, says, speak } from "./language.ts";
import { LiveSocket, type Connection } from "./live-socket.ts";
import { problemText } from "./problem.ts";
import { statusSigns, statusWords } from "./status.ts";
import { words } from "./words.ts";

/** From this long without progress a seat is worth a visit. */
const longStuckMs = 10 * 60_000;

/** The class: a row a seat, a column a step. */
export class ClassView {
  readonly element = make("main", { class: "board card", id: "main", tabindex: -1 });
  readonly #onOpen: (lab: string) => void;
  readonly #socket: LiveSocket<BoardMessage>;
  #board: SeatBoard | undefined;
  #problem: Problem | undefined;
  #hasNames = true;

  constructor(onOpen: (lab: string) => void, onConnection: (connection: Connection) => void) {
    this.#onOpen = onOpen;
    this.#socket = new LiveSocket("/api/board", {
      onConnection,
      onMessage: (message) => {
        if (message.kind === "board") [this.#board, this.#problem] = [message.board, undefined];
        else this.#problem = message.problem;
        this.#draw();
      },
    });
    onLanguage(() => {
      this.#draw();
    });
  }

  /** Begins to show it. */
  start(): void {
    this.#draw();
    this.#socket.start();
  }

  #draw(): void {
    const focused = document.activeElement?.getAttribute("data-lab");
    const problem =
      this.#problem === undefined
        ? undefined
        : make("p", { class: "banner trouble", role: "alert" }, problemText(this.#problem));
    const board = this.#board;
    if (board === undefined) {
      fill(this.element, problem, make("p", { class: "notice" }, speak(words.loading)));
      return;
    }
    fill(this.element, problem, this.#head(board), this.#table(board), legend());
    if (focused !== null && focused !== undefined) {
      this.element
        .querySelector<HTMLElement>(`[data-lab="${CSS.escape(focused)}"]`)
        ?.focus({ preventScroll: true });
    }
  }

  #head({ className, seats, lookedAt }: SeatBoard): HTMLElement {
    const count = (state: SeatRow["state"]): number => seats.filter((seat) => seat.state === state).length;
    const time = new Intl.DateTimeFormat(locale(), { timeStyle: "medium" }).format(new Date(lookedAt));
    const names = says(
      button({ "aria-pressed": String(!this.#hasNames) }, () => {
        this.#hasNames = !this.#hasNames;
        this.#draw();
      }),
      words.hideNames,
    );
    const summary =
      language() === "ja"
        ? `${time}現在: 完了${count("done")}、作業中${count("working")}、調査不可${count("unseen")}`
        : `${time}: ${count("done")} finished, ${count("working")} at work, ${count("unseen")} not looked at`;
    return make(
      "header",
      { class: "bar" },
      make("h2", {}, foreign(className)),
      make("span", {}, summary),
      names,
    );
  }

  #table(board: SeatBoard): HTMLElement {
    const head = (text: string, className = ""): HTMLElement =>
      make("th", { scope: "col", class: className }, text);
    return make(
      "div",
      { class: "scroll", tabindex: 0 },
      make(
        "table",
        {},
        make(
          "thead",
          {},
          make(
            "tr",
            {},
            head(speak(words.seat)),
            this.#hasNames ? head(speak(words.student)) : undefined,
            ...board.steps.map(({ id, title }) =>
              make(
                "th",
                { scope: "col", class: "cell", title: `${id} ${speak(title)}` },
                id.split(".").at(-1) ?? id,
              ),
            ),
            head(speak(words.current)),
            head(speak(words.stuck), "figure"),
          ),
        ),
        make("tbody", {}, ...board.seats.map((seat) => this.#row(board, seat))),
      ),
    );
  }

  #row(board: SeatBoard, seat: SeatRow): HTMLElement {
    const isStuck = seat.state === "working" && (seat.stuckMs ?? 0) >= longStuckMs;
    const open = button(
      { class: "plain", "data-lab": seat.lab, "aria-label": `${speak(words.openSeat)}: ${seat.seat}` },
      () => {
        this.#onOpen(seat.lab);
      },
      seat.seat,
    );
    const cells =
      seat.state === "unseen"
        ? [
            make(
              "td",
              { colspan: board.steps.length, class: "unknown" },
              seat.problem === undefined ? speak(words.notLookedAt) : problemText(seat.problem),
            ),
          ]
        : board.steps.map(({ id, title }) => cell(`${id} ${speak(title)}`, seat.steps[id] ?? "unknown"));
    return make(
      "tr",
      { class: seat.state },
      make("th", { scope: "row" }, open),
      this.#hasNames ? make("td", { class: "name" }, foreign(seat.name, 60)) : undefined,
      ...cells,
      make("td", { class: "where" }, ...whereIs(board, seat)),
      make("td", { class: `figure ${isStuck ? "wrong" : ""}` }, stuckFor(seat)),
    );
  }
}

function cell(title: string, status: SeatStatus): HTMLElement {
  const text = `${title}: ${speak(statusWords[status])}`;
  return make(
    "td",
    { class: `cell ${status}`, title: text },
    make("span", { role: "img", "aria-label": text }, statusSigns[status]),
  );
}

function whereIs(board: SeatBoard, { state, current, finding }: SeatRow): readonly Node[] {
  if (state === "unseen") return [];
  if (current === undefined) return [make("span", { class: "badge passed" }, speak(words.finished))];
  const title = board.steps.find(({ id }) => id === current)?.title;
  const name = current === "foundation" ? speak(words.groundwork) : current;
  const found = finding && make("span", { class: "quiet" }, ` ${finding.host}: ${speak(finding.title)}`);
  return [
    make("span", {}, `${name} ${title === undefined ? "" : speak(title)}`),
    ...(found === undefined ? [] : [found]),
  ];
}

function stuckFor({ state, stuckMs }: SeatRow): string {
  if (state === "unseen" || stuckMs === undefined) return "";
  const minutes = Math.floor(stuckMs / 60_000);
  const rest = String(minutes % 60).padStart(2, "0");
  if (language() === "ja") return minutes < 60 ? `${minutes}分` : `${Math.floor(minutes / 60)}時間${rest}分`;
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${rest} min`;
}

function legend(): HTMLElement {
  const statuses: readonly SeatStatus[] = ["passed", "not-yet", "wrong", "unknown", "lost"];
  return make(
    "footer",
    { class: "bar quiet" },
    ...statuses.map((status) =>
      make(
        "span",
        {},
        make("span", { class: `badge ${status}`, "aria-hidden": "true" }, statusSigns[status]),
        " ",
        speak(statusWords[status]),
      ),
    ),
    make("span", {}, speak(words.boardNote)),
  );
}
