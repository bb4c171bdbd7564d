import type { Browser, BrowserContextOptions } from "playwright-core";
import { afterAll, beforeAll, expect } from "vitest";
import { openPage, startBrowser, type OpenPage } from "./browser.ts";
import { labUnderTest } from "./lab-under-test.ts";
import { startConsole, type RunningConsole } from "./running-console.ts";

/** Starts the console of the lab under test and a browser, both for the tests of one file; gives what opens its page. */
export function consoleInBrowser(): (options?: BrowserContextOptions) => Promise<OpenPage> {
  let running: RunningConsole;
  let browser: Browser;
  beforeAll(async () => {
    running = await startConsole(labUnderTest().stack);
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser.close();
    const { exitCode } = await running.stop();
    // Whoever looks for a failure's reason wants to know whether the console was still there.
    expect(exitCode, running.output().stderr).toBe(0);
  });
  return (options) => openPage(browser, running, options);
}
