import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { takePicture } from "../support/browser.ts";
import { consoleInBrowser } from "../support/console-in-browser.ts";
import { isFullRun } from "../support/full-run.ts";
import {
  addressOf,
  labUnderTest,
  logIn,
  logInAsStep,
  mailHosts,
  passwordOf,
  runAsRoot,
  userOf,
} from "../support/lab-under-test.ts";
import { showLabOnFailure } from "../support/show-lab-on-failure.ts";

/** From the log's line of the delivery to the page. */
const arrivalBudgetMs = isFullRun ? 2_000 : 30_000;
/** A mail may be put off once, and Postfix tries again after five minutes. */
const mailPatienceMs = 400_000;
/** A check may wait for the one before it, and the machine for its disk. */
const checkPatienceMs = 180_000;

/** Notes the moment at which each mail's row and envelope say something new. */
const noteMails = `
  window.notes = [];
  new MutationObserver(() => {
    for (const row of document.querySelectorAll("[data-message-id]")) note("row", row.dataset.messageId, row.dataset.state);
    for (const one of document.querySelectorAll(".envelope")) note("envelope", one.dataset.mail, one.className);
  }).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ["class", "data-state"] });
  function note(kind, mail, state) {
    if (!window.notes.some((one) => one.kind === kind && one.mail === mail && one.state === state)) {
      window.notes.push({ kind, mail, state, atMs: Date.now() });
    }
  }`;

/** How far the middle of one element is from another one, in pixels; 0 inside of it. */
const distance = `(one, other) => {
  const [a, b] = [one, other].map((selector) => document.querySelector(selector).getBoundingClientRect());
  const [x, y] = [a.x + a.width / 2, a.y + a.height / 2];
  return Math.hypot(Math.max(b.left - x, 0, x - b.right), Math.max(b.top - y, 0, y - b.bottom));
}`;

interface Note {
  readonly kind: "row" | "envelope";
  readonly mail: string;
  readonly state: string;
  readonly atMs: number;
}

const openConsole = consoleInBrowser();

showLabOnFailure();

/** When host2's log says that a mail of a Message-ID lies in the mailbox, in milliseconds since 1970. */
async function deliveredMs(messageId: string): Promise<number> {
  const [, host2] = mailHosts();
  await using ssh = await logInAsStep(host2);
  const { stdout } = await runAsRoot(ssh, "cat /var/log/mail.log");
  const lines = stdout.split("\n");
  const queueId = / (\w+): message-id=/.exec(
    lines.find((line) => line.includes(`message-id=<${messageId}>`)) ?? "",
  )?.[1];
  const delivery = lines.find((line) => line.includes(` ${queueId}: `) && line.includes("status=sent"));
  return Date.parse(delivery?.split(" ")[0] ?? "");
}

describe("the console's page", () => {
  it("shows a mail of the mail command leaving, arriving, and opened", { timeout: 900_000 }, async () => {
    const [host1, host2] = mailHosts();
    const [to, mailbox] = [addressOf(host2), `${host2.name}/mailbox/${userOf(host2)}`];
    await using opened = await openConsole();
    const { page, troubles } = opened;
    await page.evaluate(noteMails);
    const messageId = `${randomUUID()}@page.test`;
    const subject = `page ${messageId.slice(0, 8)}`;
    await using ssh = await logIn(host1, userOf(host1));
    await ssh.run(`echo 'text of ${subject}' | mail -a 'Message-ID: <${messageId}>' -s '${subject}' ${to}`);
    const row = page.locator(`[data-message-id="${messageId}"]`);
    await page
      .locator(`[data-message-id="${messageId}"][data-state="delivered"]`)
      .waitFor({ timeout: mailPatienceMs });
    const mail = (await row.getAttribute("data-mail")) ?? "";
    // The envelope is carried from station to station, and rests at the mailbox.
    const envelope = `.envelope.delivered[data-mail="${mail}"]`;
    await page.locator(envelope).waitFor();
    await expect
      .poll(() => page.evaluate(`(${distance})('${envelope}', '[data-station="${mailbox}"]')`))
      .toBe(0);
    const notes = await page.evaluate<readonly Note[]>("window.notes");
    const carried = notes.filter((note) => note.kind === "envelope" && note.mail === mail);
    expect(carried.map(({ state }) => state.replace("envelope ", ""))).toEqual(
      expect.arrayContaining(["queued", "delivered"]),
    );
    const shownMs = notes.find((note) => note.mail === messageId && note.state === "delivered")?.atMs ?? NaN;
    const landedMs = carried.find(({ state }) => state === "envelope delivered")?.atMs ?? NaN;
    const atMs = await deliveredMs(messageId);
    console.log(
      `after the log's line: listed ${shownMs - atMs} ms, envelope on its last way ${landedMs - atMs} ms`,
    );
    expect(Math.max(shownMs, landedMs) - atMs).toBeLessThan(arrivalBudgetMs);

    await page.locator(`.envelope[data-mail="${mail}"]`).click();
    await expect.poll(() => page.locator(".story").innerText()).toContain(messageId);
    await takePicture(page, "mail-story-light-en-1280x720");
    await page.locator(`[data-station="${mailbox}"]`).click();
    await page.locator(".mailbox-list .mail-row", { hasText: subject }).click();
    await page.locator(".opened", { hasText: `text of ${subject}` }).waitFor();
    await page.locator(`.has-new[data-station="${mailbox}"]`).waitFor();

    // Reading it by the mail command moves it to the reader's own file.
    await using reader = await logIn(host2, userOf(host2));
    await reader.run("printf 'type *\\nquit\\n' | mail", { stdin: "" });
    await page.locator(`[data-station="${mailbox}"]:not(.has-new)`).waitFor({ timeout: checkPatienceMs });
    expect(troubles).toEqual([]);
  });

  it(
    "turns a step green when the student mends it in the page's terminal",
    { timeout: 900_000 },
    async () => {
      const [host1] = mailHosts();
      const { subnet } = labUnderTest();
      const mark = `[data-step="6.02"] [data-host="${host1.name}"]`;
      await using administrator = await logInAsStep(host1);
      const set = async (networks: string): Promise<void> => {
        await runAsRoot(administrator, `sh -c "postconf -e 'mynetworks = ${networks}' && postfix reload"`);
      };
      await using opened = await openConsole();
      const { page, troubles } = opened;
      try {
        await page.locator(`${mark}.passed`).waitFor({ timeout: checkPatienceMs });
        await set("127.0.0.0/8");
        await page.locator(`${mark}.wrong`).waitFor({ timeout: checkPatienceMs });
        await page.locator('[data-step="6.02"] > details > summary').click();
        await takePicture(page, "step-wrong-light-en-1280x720");

        await page.locator(`article[data-node="${host1.name}"] header button`).click();
        const screen = page.locator(".terminal:visible .xterm-rows");
        await expect.poll(() => screen.innerText(), { timeout: checkPatienceMs }).toContain("$");
        const mend = `sudo sh -c "postconf -e 'mynetworks = ${subnet} 127.0.0.0/8' && postfix reload"`;
        await page.keyboard.type(`${mend}\n`);
        await expect
          .poll(() => screen.innerText(), { timeout: checkPatienceMs })
          .toMatch(/password|refreshing/);
        if ((await screen.innerText()).includes("password for")) {
          await page.keyboard.type(`${passwordOf("ubuntu")}\n`);
        }
        const typedMs = Date.now();
        await page.locator(`${mark}.passed`).waitFor({ timeout: checkPatienceMs });
        console.log(`the step turned ${Date.now() - typedMs} ms after the last key`);
        await takePicture(page, "step-mended-light-en-1280x720");
        expect(troubles).toEqual([]);
      } finally {
        await set(`${subnet} 127.0.0.0/8`);
      }
    },
  );

  it("says when the connection is lost, and makes it again", async () => {
    await using opened = await openConsole();
    const { page } = opened;
    let cut: () => Promise<void> = () => Promise.resolve();
    await page.routeWebSocket("**/api/events", (socket) => {
      socket.connectToServer();
      cut = () => socket.close({ code: 1006 });
    });
    await page.reload();
    await page.locator(".connection.live").waitFor();
    await page.evaluate(
      `window.said = []; new MutationObserver(() => { const one = document.querySelector(".banner"); if (one.checkVisibility()) said.push(one.innerText); }).observe(document.querySelector(".banner"), { childList: true })`,
    );
    await cut();
    await expect
      .poll(() => page.evaluate("said.join()"), { timeout: 60_000 })
      .toContain("is being made again");
    await page.locator(".connection.live").waitFor();
    await expect.poll(() => page.locator(".banner").isHidden()).toBe(true);
  });

  it("stands though the browser dropped parts of it, as it does when the machine's networks change", async () => {
    await using opened = await openConsole();
    const { page } = opened;
    const dropped: string[] = [];
    for (const part of ["/page/look.css", "/page/picture.ts", "/api/console", "/api/steps"]) {
      await page.route(
        `**${part}`,
        async (route) => {
          dropped.push(part);
          await route.abort("failed");
        },
        { times: 1 },
      );
    }
    await page.reload();
    await page.locator(".connection.live").waitFor();
    await page.locator('article[data-node="host2"]').waitFor();
    await page.locator('[data-step="6.13"]').waitFor();
    expect(dropped.toSorted()).toEqual(["/api/console", "/api/steps", "/page/look.css", "/page/picture.ts"]);
  });
});
