import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startBrowser } from "../support/browser.ts";
import { isFullRun } from "../support/full-run.ts";
import { runLab } from "../support/lab-command.ts";
import {
  askConsole,
  listenToClass,
  listenToLab,
  openTerminal,
  startConsole,
  type RunningConsole,
} from "../support/running-console.ts";

const patienceMs = 180_000;

if (!isFullRun) console.info("not run here: it builds a class of its own; ./lab test --full does");

describe.runIf(isFullRun)("the console of a class", () => {
  const className = `console-${randomBytes(2).toString("hex")}`;
  let folder: string;
  let roster: string;
  let running: RunningConsole;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "console-class-"));
    roster = join(folder, `${className}.csv`);
    await writeFile(roster, "seat,name\n01,Sato\n");
    const up = await runLab(["seats", "up", roster]);
    expect([up.exitCode, up.stderr]).toEqual([0, expect.anything()]);
    running = await startConsole("dev", ["--seats", roster, "--no-names"]);
  });

  afterAll(async () => {
    await running.stop();
    await runLab(["seats", "down", roster]);
    await rm(folder, { recursive: true });
  });

  it("tells the board without names, and opens a seat's lab with its terminals; no other lab", async () => {
    using board = listenToClass(running);
    const told = await board.until(
      "the board",
      ({ messages }) => messages.find((one) => one.kind === "board"),
      patienceMs,
    );
    expect(told.board).toMatchObject({ className, seats: [{ seat: "01", name: "", state: "working" }] });
    const lab = told.board.seats[0]?.lab ?? "";
    using page = listenToLab(running, `?lab=${lab}`);
    await page.until(
      "the seat is followed",
      ({ messages }) =>
        messages.some(
          (one) =>
            one.kind === "lab" &&
            one.lab.state === "up" &&
            one.lab.nodes.every(({ isFollowed }) => isFollowed),
        ),
      patienceMs,
    );
    using terminal = openTerminal(running, { host: "host1", user: "ubuntu", lab });
    await terminal.until("its terminal", ({ messages }) => messages.some(({ kind }) => kind === "open"));
    expect((await askConsole(running, "/api/mailboxes?lab=another")).status).toBe(404);
  });

  it("opens a seat from the board in a browser, and turns the board as the student gets on", async () => {
    const browser = await startBrowser();
    try {
      const page = await browser.newPage({ locale: "en-US" });
      page.setDefaultTimeout(patienceMs);
      await page.goto(running.address);
      const step = page.locator(".board tbody tr").getByRole("img", { name: /^6\.01 / });
      await step.waitFor();
      expect(await step.getAttribute("aria-label")).toMatch(/not yet$/);
      expect(await page.locator("body").innerText()).not.toContain("Sato");
      const goto = await runLab(["goto", "6.01", "--stack", `${className}-01`]);
      expect(goto.exitCode, goto.stderr).toBe(0);
      await page
        .locator(".board tbody tr")
        .getByRole("img", { name: /^6\.01 .*: passed$/ })
        .waitFor();
      await page.locator("[data-lab]").click();
      await page.locator('[data-step="6.01"] [data-host="host1"].passed').waitFor();
      expect(await page.locator("h1").innerText()).toContain(`${className}-01`);
      await page.goBack();
      await page.locator(".board tbody tr").waitFor();
    } finally {
      await browser.close();
    }
  });
});
