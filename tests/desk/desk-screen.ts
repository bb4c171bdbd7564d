import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { chromium, type Browser, type Page } from "playwright-core";
import { bringChromium } from "../support/chromium.ts";
import { projectRoot } from "../support/lab-command.ts";

/** Where the pictures of a run are kept, for people to look at. */
const picturesFolder = join(projectRoot, "test-results", "desk");

/** A busy machine's browser takes its time to start. */
const answerDeadlineMs = 60_000;

/** Looks until the screen stands still, and the time between two. */
const mostLooks = 6;
const drawingMs = 500;

/** The desk as a student has it before them: noVNC in a real browser. */
export class DeskScreen implements AsyncDisposable {
  readonly page: Page;
  readonly #browser: Browser;

  private constructor(browser: Browser, page: Page) {
    this.#browser = browser;
    this.page = page;
  }

  /**
   * Opens the desk's address.
   *
   * @param fragment - what follows `#`; the password by itself connects.
   */
  static async open(port: number, fragment: string): Promise<DeskScreen> {
    const browser = await chromium.launch({
      executablePath: await bringChromium(),
      timeout: answerDeadlineMs,
    });
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    page.setDefaultTimeout(answerDeadlineMs);
    await page.goto(`http://127.0.0.1:${port}/#${fragment}`);
    return new DeskScreen(browser, page);
  }

  /** Waits for the desk's picture, and until noVNC has folded away what it lays over it at first. */
  async waitForPicture(): Promise<void> {
    const novnc = this.page.frameLocator("iframe");
    await novnc.locator("#noVNC_container canvas").waitFor();
    await novnc.locator("html.noVNC_connected").waitFor();
    await novnc.locator("#noVNC_control_bar:not(.noVNC_open)").waitFor({ state: "attached" });
    await novnc.locator("#noVNC_status:not(.noVNC_open)").waitFor({ state: "attached" });
  }

  /** Keeps a picture of what is to be seen now: `test-results/desk/<name>.png`. */
  async keep(name: string): Promise<void> {
    await mkdir(picturesFolder, { recursive: true });
    let last: Buffer | undefined;
    // What Thunderbird draws comes a little later than what it says, and a cursor may blink.
    for (let look = 0; look < mostLooks; look++) {
      const picture = await this.page.screenshot({ path: join(picturesFolder, `${name}.png`) });
      if (last?.equals(picture) === true) return;
      last = picture;
      await this.page.waitForTimeout(drawingMs);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser.close();
  }
}
