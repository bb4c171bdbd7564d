import type { Connection } from "./live-socket.ts";
import { addressOf } from "./ask.ts";
import { Courier } from "./courier.ts";
import { button, make } from "./element.ts";
import type { Head } from "./head.ts";
import { says, saysAs } from "./language.ts";
import { LiveLab } from "./live-lab.ts";
import { LogPanel } from "./log-panel.ts";
import { MailboxPanel } from "./mailbox-panel.ts";
import { MailsPanel } from "./mails-panel.ts";
import { Picture } from "./picture.ts";
import { QueuesPanel } from "./queues-panel.ts";
import { SendPanel } from "./send-panel.ts";
import { StepsPanel } from "./steps-panel.ts";
import { MailStories } from "./stories.ts";
import { Tabs } from "./tabs.ts";
import { Terminals } from "./terminals.ts";
import { words } from "./words.ts";
import { ZonesPanel } from "./zones-panel.ts";

/** A lab: its picture, the panels below it, the steps beside them. */
export class LabView {
  readonly element = make("div", { class: "body" });
  readonly #head: Head;
  readonly #live: LiveLab;
  readonly #stories = new MailStories();
  readonly #tabs = new Tabs("panel");
  readonly #steps = new StepsPanel();
  readonly #log = new LogPanel(this.#stories);
  readonly #mails = new MailsPanel(this.#stories, (mail) => {
    this.#log.showMail(mail);
    this.#tabs.show("log");
  });
  readonly #mailboxes = new MailboxPanel();
  readonly #queues = new QueuesPanel();
  readonly #zones = new ZonesPanel();
  readonly #send = new SendPanel();
  readonly #terminals = new Terminals();
  readonly #picture = new Picture({
    openMailbox: (host, user) => {
      this.#tabs.show("mailboxes");
      this.#mailboxes.open(host, user);
    },
    openQueues: () => {
      this.#tabs.show("queues");
    },
    openZones: () => {
      this.#tabs.show("zones");
    },
    openTerminal: (host) => {
      this.#tabs.show("terminal");
      void this.#terminals.open(host);
    },
  });
  readonly #courier = new Courier(this.#picture.element, this.#picture.wires, this.#stories, (mail) => {
    this.#choose(mail);
  });

  constructor(head: Head, onConnection: (connection: Connection) => void) {
    this.#head = head;
    this.#live = new LiveLab(addressOf("/api/events"), onConnection);
    this.#addTabs();
    const panels = make(
      "section",
      { class: "panels card", id: "panels", tabindex: -1 },
      this.#tabs.list,
      this.#tabs.panels,
    );
    saysAs(panels, "aria-label", words.panels);
    saysAs(this.#tabs.list, "aria-label", words.panels);
    this.element.append(make("main", { class: "work" }, this.#picture.element, panels), this.#steps.element);
    head.addControl(this.#toggle("steps", this.#steps.element));
    head.addControl(this.#toggle("picture", this.#picture.element));
  }

  /** Connects, and shows what comes. */
  start(): void {
    this.#listen();
    this.#live.start();
    void this.#steps.open();
  }

  #addTabs(): void {
    const tabs = [
      ["mails", words.tabMails, this.#mails.element, undefined],
      [
        "log",
        words.tabLog,
        this.#log.element,
        () => {
          this.#log.onShow();
        },
      ],
      [
        "terminal",
        words.tabTerminal,
        this.#terminals.element,
        () => {
          this.#terminals.onShow();
        },
      ],
      [
        "mailboxes",
        words.tabMailboxes,
        this.#mailboxes.element,
        () => {
          this.#mailboxes.onShow();
        },
      ],
      ["queues", words.tabQueues, this.#queues.element, undefined],
      [
        "zones",
        words.tabZones,
        this.#zones.element,
        () => {
          this.#zones.onShow();
        },
      ],
      ["send", words.tabSend, this.#send.element, undefined],
    ] as const;
    for (const [id, word, element, onShow] of tabs) {
      this.#tabs.add({
        id,
        label: says(make("span"), word),
        panel: make("div", { class: "panel" }, element),
        onShow,
      });
    }
    this.#mails.show();
  }

  #listen(): void {
    const live = this.#live;
    live.on("lab", ({ lab }) => {
      this.#picture.show(lab);
      this.#head.showLab(lab);
      this.#courier.know(lab.nodes);
      this.#terminals.take(lab);
      this.#send.take(lab);
      this.#log.showHosts(lab.nodes.filter(({ kind }) => kind === "host").map(({ name }) => name));
    });
    live.on("log", ({ lines, isFirst }) => {
      if (isFirst) this.#log.clear();
      this.#log.take(lines, isFirst);
    });
    live.on("mail", ({ events, isFirst }) => {
      if (isFirst) this.#stories.clear();
      for (const event of events) {
        this.#stories.take(event);
        if (!isFirst) this.#courier.take(event);
      }
      this.#mails.refresh();
    });
    live.on("queues", ({ queues }) => {
      this.#picture.showQueues(queues);
      this.#queues.take(queues);
    });
    live.on("mailboxes", ({ mailboxes }) => {
      this.#picture.showMailboxes(mailboxes);
      this.#mailboxes.take(mailboxes);
    });
    live.on("steps", ({ isLooking, steps }) => {
      this.#steps.take(isLooking, steps);
    });
    live.on("problem", ({ problem }) => {
      this.#head.showProblem(problem);
    });
  }

  #choose(mail: string): void {
    this.#tabs.show("mails");
    this.#mails.choose(mail);
    this.#log.showMail(mail);
  }

  /** A button that hides a part, where the room is wanted for another. */
  #toggle(part: "picture" | "steps", element: HTMLElement): HTMLElement {
    const word = part === "picture" ? words.showPicture : words.showSteps;
    const made = button({ "aria-pressed": "true" }, () => {
      element.hidden = !element.hidden;
      this.element.classList.toggle(`without-${part}`, element.hidden);
      made.setAttribute("aria-pressed", String(!element.hidden));
    });
    return says(made, word);
  }
}
