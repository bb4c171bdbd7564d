import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { takePicture } from "../support/browser.ts";
import { consoleInBrowser } from "../support/console-in-browser.ts";
import { isFullRun } from "../support/full-run.ts";
import { hasRun, hostileMails } from "../support/hostile-mails.ts";
import { addressOf, logInAsStep, mailHosts, passwordOf, userOf } from "../support/lab-under-test.ts";

/** How long the page may stand still while mails are listed and opened: what a hand notices, or a machine that is held up. */
const stallBudgetMs = isFullRun ? 500 : 10_000;
/** One mail after the other is read from the host and decoded. */
const openPatienceMs = 120_000;

/** Notes the longest time in which the page did not come to a timer of its own. */
const watchStalls = `
  window.longestStallMs = 0;
  let last = performance.now();
  setInterval(() => {
    const now = performance.now();
    window.longestStallMs = Math.max(window.longestStallMs, now - last - 20);
    last = now;
  }, 20);`;

/** Elements that text can't make; the panel makes none of them itself. */
const foreignElements =
  "script, img, iframe, object, embed, style, link, meta, base, form, a, body, math, video, audio";

const openConsole = consoleInBrowser();

/** The mails in one mailbox file, as `local` writes them. */
function mailboxOf(mails: readonly { readonly raw: Buffer }[]): Buffer {
  return Buffer.concat(
    mails.flatMap(({ raw }) => [
      Buffer.from("From mallory@hostile.invalid  Tue Nov 24 10:00:00 2026\n"),
      Buffer.from(
        raw
          .toString("latin1")
          .replaceAll("\r\n", "\n")
          .replaceAll(/^From /gm, ">From "),
        "latin1",
      ),
      Buffer.from("\n\n"),
    ]),
  );
}

/** Opens a mail by its number in the list and waits until it shows. */
async function openMail(page: Page, index: number): Promise<void> {
  await page.locator(`.mail-row[data-index="${index}"]`).press("Enter");
  await page.locator(`.opened:not([aria-busy]) .tabs`).waitFor({ timeout: openPatienceMs });
  await page.locator(`.mail-row[data-index="${index}"][aria-current="true"]`).waitFor();
}

describe("the console's page with mails that mean harm", () => {
  it("shows a hundred of them as text, and stays at hand", { timeout: 900_000 }, async () => {
    const [, host2] = mailHosts();
    const user = userOf(host2);
    const mails = hostileMails(addressOf(host2));
    await using opened = await openConsole();
    const { page, troubles } = opened;
    await page.evaluate(watchStalls);
    await using ssh = await logInAsStep(host2);
    const asRoot = async (command: string, more: Buffer = Buffer.alloc(0)): Promise<void> => {
      const stdin = Buffer.concat([Buffer.from(`${passwordOf("ubuntu")}\n`), more]);
      const { exitCode, stderr } = await ssh.run(`sudo -S -p '' sh -c '${command}'`, { stdin });
      expect(exitCode, stderr).toBe(0);
    };
    const file = `/var/mail/${user}`;
    await asRoot(`test ! -e ${file} || cp -p ${file} /var/tmp/kept-mailbox`);
    try {
      await asRoot(`cat > ${file}; chown ${user}:mail ${file}; chmod 600 ${file}`, mailboxOf(mails));
      await page.locator(`[data-station="${host2.name}/mailbox/${user}"]`).click();
      const rows = page.locator(".mailbox-list .mail-row");
      await expect.poll(() => rows.count(), { timeout: openPatienceMs }).toBe(mails.length);
      await takePicture(page, "hostile-list-light-en-1280x720");
      for (const index of mails.keys()) {
        await openMail(page, index);
        expect(await page.locator("#panel-mailboxes-panel").locator(foreignElements).count()).toBe(0);
      }
      const largest = mails.findIndex(({ name }) => name === "body of 10 MB");
      await openMail(page, largest);
      await page.locator(".opened [role=tab]").last().click();
      await page.locator(".opened .long-text.raw").waitFor();
      await page.locator(".opened .tab-panels button:visible").first().click();
      await takePicture(page, "hostile-10-mb-source-light-en-1280x720");
      const stallMs = await page.evaluate<number>("window.longestStallMs");
      console.log(
        `${mails.length} hostile mails: the page stood still for ${Math.round(stallMs)} ms at most`,
      );
      expect(stallMs).toBeLessThan(stallBudgetMs);
      expect(await page.evaluate(hasRun)).toBe(0);
      expect(troubles).toEqual([]);
    } finally {
      await asRoot(`rm -f ${file}; test ! -e /var/tmp/kept-mailbox || mv /var/tmp/kept-mailbox ${file}`);
    }
  });
});
