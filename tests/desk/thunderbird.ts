import { waitUntil } from "../../src/protocols/wait-until.ts";
import type { Marionette } from "../support/marionette.ts";

/** A server as the book's tables describe it. */
interface ServerTable {
  readonly host: string;
  readonly port: number;
  readonly user: string;
}

/** A row of the list of mails. */
interface MailRow {
  readonly subject: string;
  /** What the screen reader is told: subject, whether read, sender, time. */
  readonly label: string;
}

/** A mail that is open below the list. */
interface ShownMail {
  readonly subject: string;
  readonly from: string;
  readonly text: string;
}

/** A mail may have been put off by Postfix, which tries again after 300 s; a wrong password takes a minute. */
const mailDeadlineMs = 400_000;
const dialogDeadlineMs = 90_000;

/** The values of Thunderbird's menus: no connection security, a password as it is. */
const noSecurity = "0";
const plainPassword = "3";

/** What all scripts have: the main window, and the elements of its set-up dialog that can be seen. */
const prelude = `
  const main = Services.wm.getMostRecentWindow("mail:3pane");
  const pause = (ms) => new Promise((resolve) => main.setTimeout(resolve, ms));
  const within = (node) => [...node.children].flatMap((child) =>
    [child, ...(child.shadowRoot ? within(child.shadowRoot) : []), ...within(child)]);
  const hub = () => {
    const container = main.document.querySelector("account-hub-container");
    return container ? within(container.shadowRoot).filter((element) => element.checkVisibility()) : [];
  };
  const seen = (id) => hub().find((element) => element.id === id);
  const change = (element, value) => {
    element.focus();
    element.value = value;
    for (const kind of ["input", "change"])
      element.dispatchEvent(new element.ownerDocument.defaultView.Event(kind, { bubbles: true, composed: true }));
  };
  const mails = () => main.document.getElementById("tabmail").currentAbout3Pane;
  const press = (element) => {
    element.dispatchEvent(new element.ownerDocument.defaultView.MouseEvent("mousedown", { bubbles: true }));
    element.click();
  };
`;

/** Thunderbird's own windows, used as a person uses them: fields filled in, buttons pressed, what is shown read. */
export class Thunderbird {
  readonly #marionette: Marionette;

  constructor(marionette: Marionette) {
    this.#marionette = marionette;
  }

  /** The page of the set-up that is shown, by its title. */
  async waitForPage(title: string): Promise<void> {
    await this.#wait(
      `the page "${title}"`,
      `return seen("title")?.textContent.trim() === ${JSON.stringify(title)}`,
    );
  }

  /** Fills in fields of the set-up, by their ids. */
  async fillIn(fields: Readonly<Record<string, string>>): Promise<void> {
    await this.#run(
      `for (const [id, value] of Object.entries(args[0])) {
         const field = seen(id);
         if (!field) throw new Error("no field " + id);
         change(field, value);
       }`,
      fields,
    );
  }

  /** Presses a button of the set-up as soon as it can be pressed. */
  async press(id: string): Promise<void> {
    const script = `const button = seen("${id}");
      if (!button || button.disabled) return false;
      button.click();
      return true;`;
    await this.#wait(`the button ${id}`, script);
  }

  /** Waits for a button of the set-up. */
  async waitForButton(id: string): Promise<void> {
    await this.#wait(`the button ${id}`, `return seen("${id}") !== undefined`);
  }

  /** Fills in one of the book's two tables. */
  async fillInServer(side: "incoming" | "outgoing", { host, port, user }: ServerTable): Promise<void> {
    await this.fillIn({
      ...(side === "incoming" ? { incomingProtocolSelect: "1" } : {}),
      [`${side}Hostname`]: host,
      [`${side}ConnectionSecuritySelect`]: noSecurity,
      [`${side}AuthMethodSelect`]: plainPassword,
      [`${side}Port`]: String(port),
      [`${side}Username`]: user,
    });
  }

  /** The red line of warning, once it is there. */
  async warning(): Promise<string> {
    return (await this.#wait(
      "the warning",
      `return seen("securityWarning")?.textContent.replace(/\\s+/g, " ").trim()`,
    )) as string;
  }

  /** Opens a window to write a mail, and fills it in. */
  async write(to: string, subject: string, text: string): Promise<void> {
    await this.#run(`press(mails().document.getElementById("folderPaneWriteMessage"))`);
    await this.#wait(
      "the window to write in",
      `const written = Services.wm.getMostRecentWindow("msgcompose");
       return written?.gMsgCompose && written.GetCurrentEditor()?.document.body !== null && written.gWindowLocked === false`,
    );
    await this.#run(
      `const window = Services.wm.getMostRecentWindow("msgcompose");
       const receiver = window.document.getElementById("toAddrInput");
       change(receiver, args[0]);
       receiver.dispatchEvent(new window.KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
       change(window.document.getElementById("msgSubject"), args[1]);
       window.document.getElementById("messageEditor").focus();
       window.GetCurrentEditor().insertText(args[2]);`,
      ...[to, subject, text],
    );
  }

  /** Presses "send", and waits until the window is gone. */
  async send(): Promise<void> {
    await this.#run(
      `Services.wm.getMostRecentWindow("msgcompose").document.getElementById("button-send").click()`,
    );
    await this.#wait("the mail being sent", `return !Services.wm.getMostRecentWindow("msgcompose")`);
  }

  /** Opens the inbox. */
  async openInbox(): Promise<void> {
    await this.#wait(
      "the inbox",
      `const inbox = mails().document.querySelector('#folderTree li[data-folder-type="inbox"] > .container');
       if (!inbox) return false;
       press(inbox);
       return true;`,
    );
  }

  /** Presses "get messages" until a mail with that subject is in the list. */
  async waitForMail(subject: string): Promise<MailRow> {
    return (await this.#wait(
      `the mail "${subject}" in the list`,
      `press(mails().document.getElementById("folderPaneGetMessages"));
       await pause(500);
       const row = [...mails().document.querySelectorAll("#threadTree tbody tr[aria-label]")]
         .find((row) => row.querySelector(".subject-line")?.textContent.trim() === args[0]);
       return row && { subject: args[0], label: row.getAttribute("aria-label") };`,
      { args: [subject], deadlineMs: mailDeadlineMs },
    )) as MailRow;
  }

  /** Opens the mail with that subject, and reads what is shown. */
  async open(subject: string): Promise<ShownMail> {
    await this.#run(
      `const rows = [...mails().document.querySelectorAll("#threadTree tbody tr[aria-label]")];
       const row = rows.find((row) => row.querySelector(".subject-line")?.textContent.trim() === args[0]);
       mails().threadTree.selectedIndex = row.index;`,
      subject,
    );
    return (await this.#wait(
      `the mail "${subject}" below the list`,
      `const shown = mails().document.getElementById("messageBrowser").contentWindow;
       const title = shown.document.getElementById("expandedsubjectBox")?.textContent ?? "";
       const text = shown.document.getElementById("messagepane")?.contentDocument?.querySelector("[class^=moz-text]")
         ?.textContent.trim();
       if (!title.includes(args[0]) || !text) return undefined;
       const from = shown.document.getElementById("expandedfromBox").textContent;
       return { subject: title, from, text };`,
      { args: [subject] },
    )) as ShownMail;
  }

  async #run(script: string, ...args: readonly unknown[]): Promise<unknown> {
    return await this.#marionette.run(prelude + script, ...args);
  }

  /** Looks until a script gives something. */
  async #wait(
    awaited: string,
    script: string,
    { args = [], deadlineMs = dialogDeadlineMs }: { args?: readonly unknown[]; deadlineMs?: number } = {},
  ): Promise<unknown> {
    return await waitUntil({ awaited: `${awaited} in Thunderbird`, deadlineMs }, async () => {
      return (await this.#run(script, ...args)) || undefined;
    });
  }
}
