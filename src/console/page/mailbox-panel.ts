import type { ListedMail, Mailbox, MailboxContents, OpenedMail } from "../api.ts";
import { ask } from "./ask.ts";
import { button, fill, foreign, make } from "./element.ts";
import { locale, onLanguage, says, saysAs, speak } from "./language.ts";
import { OpenedMailView } from "./opened-mail.ts";
import { fillFrom } from "./problem.ts";
import { words } from "./words.ts";

interface Place {
  readonly host: string;
  readonly user: string;
}

/** The mailboxes of the lab, what lies in one of them, and a mail of it. */
export class MailboxPanel {
  readonly element = make("div", { class: "mailboxes" });
  readonly #choice = make("div", { class: "bar", role: "group" });
  readonly #list = make("div", { class: "mailbox-list", role: "region" });
  readonly #mail = new OpenedMailView();
  #mailboxes: readonly Mailbox[] = [];
  #place: Place | undefined;
  #contents: MailboxContents | undefined;
  #opened: number | undefined;
  /** Counts the questions, so that a late answer to an old one is not shown. */
  #question = 0;

  constructor() {
    saysAs(this.#choice, "aria-label", words.tabMailboxes);
    saysAs(this.#list, "aria-label", words.mailbox);
    this.element.append(this.#choice, make("div", { class: "split" }, this.#list, this.#mail.element));
    this.#list.addEventListener("keydown", (event) => {
      this.#onKey(event);
    });
    onLanguage(() => {
      this.#drawChoice();
      this.#drawList();
    });
  }

  /** The counts have changed: what shows is fetched anew. */
  take(mailboxes: readonly Mailbox[]): void {
    const before = this.#countOf(this.#mailboxes);
    this.#mailboxes = mailboxes;
    this.#drawChoice();
    if (this.#place === undefined && this.element.checkVisibility()) this.#chooseFirst();
    if (this.#place !== undefined && this.#contents !== undefined && before !== this.#countOf(mailboxes)) {
      void this.#fetchList();
    }
  }

  /** Called when the panel comes to be seen. */
  onShow(): void {
    if (this.#place === undefined) this.#chooseFirst();
  }

  /** Opens a mailbox. */
  open(host: string, user: string): void {
    if (this.#place?.host === host && this.#place.user === user) return;
    this.#place = { host, user };
    this.#opened = undefined;
    this.#contents = undefined;
    this.#mail.clear();
    fill(this.#list);
    this.#drawChoice();
    void this.#fetchList();
  }

  #chooseFirst(): void {
    const first = this.#mailboxes.find(({ count = 0 }) => count > 0) ?? this.#mailboxes[0];
    if (first === undefined) fill(this.#list, says(make("p", { class: "notice" }), words.noMailboxes));
    else this.open(first.host, first.user);
  }

  #countOf(mailboxes: readonly Mailbox[]): string {
    const own = mailboxes.find(({ host, user }) => host === this.#place?.host && user === this.#place.user);
    return `${own?.count} ${own?.unreadCount} ${own?.sizeBytes}`;
  }

  #drawChoice(): void {
    const focused = this.#choice.contains(document.activeElement);
    const buttons = this.#mailboxes.map(({ host, user, count }) => {
      const isChosen = host === this.#place?.host && user === this.#place.user;
      const made = button({ "aria-pressed": String(isChosen) }, () => {
        this.open(host, user);
      });
      made.append(
        make("bdi", {}, user),
        make("span", { class: "quiet" }, `@${host}`),
        " ",
        String(count ?? "–"),
      );
      return made;
    });
    fill(this.#choice, ...buttons);
    if (focused) this.#choice.querySelector<HTMLElement>('[aria-pressed="true"]')?.focus();
  }

  async #fetchList(): Promise<void> {
    const place = this.#place;
    if (place === undefined) return;
    const question = ++this.#question;
    await fillFrom(this.#list, async () => {
      const contents = await ask<MailboxContents>(pathOf(place));
      if (question !== this.#question) return [...this.#list.childNodes];
      this.#contents = contents;
      return this.#rows(contents);
    });
  }

  #drawList(): void {
    if (this.#contents !== undefined) fill(this.#list, ...this.#rows(this.#contents));
  }

  #rows({ mails }: MailboxContents): readonly Node[] {
    if (mails.length === 0) return [make("p", { class: "notice" }, speak(words.emptyMailbox))];
    return [make("ul", { class: "mail-list" }, ...mails.toReversed().map((mail) => this.#row(mail)))];
  }

  #row(mail: ListedMail): HTMLElement {
    const { index, from, subject, date, isRead, sizeBytes } = mail;
    const row = button(
      {
        class: `mail-row ${isRead ? "" : "is-new"}`,
        "data-index": index,
        "aria-current": index === this.#opened ? "true" : undefined,
      },
      () => void this.#open(mail),
      make("span", { class: "subject" }, subject === "" ? speak(words.noSubject) : foreign(subject)),
      make("span", { class: "who quiet" }, from === "" ? speak(words.noSender) : foreign(from, 120)),
      make("span", { class: "quiet" }, date === undefined ? "" : `${dateText(date)} · `, sizeText(sizeBytes)),
    );
    return make("li", {}, row);
  }

  async #open({ index }: ListedMail): Promise<void> {
    const place = this.#place;
    if (place === undefined) return;
    this.#opened = index;
    for (const row of this.#list.querySelectorAll("[data-index]")) {
      if (row.getAttribute("data-index") === String(index)) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
    }
    await this.#mail.show(() => ask<OpenedMail>(`${pathOf(place)}/${index}`));
  }

  /** The arrows go from mail to mail. */
  #onKey(event: KeyboardEvent): void {
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const rows = [...this.#list.querySelectorAll<HTMLElement>("[data-index]")];
    const at = rows.findIndex((row) => row === document.activeElement);
    const next = move === undefined || at < 0 ? undefined : rows[at + move];
    if (next === undefined) return;
    event.preventDefault();
    next.focus();
  }
}

function pathOf({ host, user }: Place): string {
  return `/api/mailboxes/${encodeURIComponent(host)}/${encodeURIComponent(user)}`;
}

/** A mail's date on the reader's clock. */
export function dateText(date: string): string {
  return new Intl.DateTimeFormat(locale(), { dateStyle: "medium", timeStyle: "short" }).format(
    new Date(date),
  );
}

/** A size as people read it. */
export function sizeText(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 ** 2 ? `${(bytes / 1024).toFixed(1)} KiB` : `${(bytes / 1024 ** 2).toFixed(1)} MiB`;
}
