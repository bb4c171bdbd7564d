import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright-core";
import { bringChromium } from "./chromium.ts";
import type { RunningConsole } from "./running-console.ts";

/** Where the pictures go that a person looks at. */
const picturesFolder = join(import.meta.dirname, "..", "..", "test-results", "console");

/** A machine that stands still for a while is no failure. */
const patienceMs = 60_000;

/** Starts a Chromium without a window; as root it can't build its own sandbox. */
export async function startBrowser(): Promise<Browser> {
  const isRoot = process.getuid?.() === 0;
  return await chromium.launch({
    executablePath: await bringChromium(),
    args: isRoot ? ["--no-sandbox"] : [],
    timeout: patienceMs,
  });
}

/** The console's page in a browser, and what a browser complains of while it is open. */
export interface OpenPage extends AsyncDisposable {
  readonly page: Page;
  /** Errors of scripts, violations of the page's policy, requests that leave the console. */
  readonly troubles: readonly string[];
}

/** Opens the console's page as a person does, by the address that was printed. */
export async function openPage(
  browser: Browser,
  { address, origin }: RunningConsole,
  options: BrowserContextOptions = {},
): Promise<OpenPage> {
  const context = await browser.newContext({ locale: "en-US", ...options });
  context.setDefaultTimeout(patienceMs);
  const troubles: string[] = [];
  const page = await context.newPage();
  page.on("pageerror", (error) => troubles.push(`error: ${error.message}`));
  page.on("console", (message) => {
    // Another lab came or went on this machine meanwhile: the page asks again, and has to show it.
    if (message.text().includes("net::ERR_NETWORK_CHANGED")) return;
    if (message.type() === "error") troubles.push(`console: ${message.text()}`);
  });
  page.on("dialog", (dialog) => {
    troubles.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  context.on("page", (other) => troubles.push(`window: ${other.url()}`));
  context.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(`${origin}/`) && !url.startsWith("data:")) troubles.push(`request: ${url}`);
  });
  await page.goto(address);
  await page.locator(".connection.live").waitFor();
  await page.locator('article[data-node="host2"]').waitFor();
  return {
    page,
    troubles,
    [Symbol.asyncDispose]: async () => {
      await context.close();
    },
  };
}

/** Takes a picture of what the window shows. */
export async function takePicture(page: Page, name: string): Promise<void> {
  await mkdir(picturesFolder, { recursive: true });
  await page.screenshot({ path: join(picturesFolder, `${name}.png`) });
}
