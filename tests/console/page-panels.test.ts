import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { consoleInBrowser } from "../support/console-in-browser.ts";
import { addressOf, logIn, logInAsStep, mailHosts, runAsRoot, userOf } from "../support/lab-under-test.ts";
import { showLabOnFailure } from "../support/show-lab-on-failure.ts";
import { change } from "../support/traced-mail.ts";

/** A mail may be put off once, and Postfix tries again after five minutes. */
const mailPatienceMs = 400_000;

const openConsole = consoleInBrowser();

showLabOnFailure();

/** How far each host's log is from its newest line, in pixels. */
const fromNewest = `[...document.querySelectorAll(".log ol")].map((list) =>
  Math.round(list.scrollHeight - list.scrollTop - list.clientHeight))`;

/** Sends a mail by sendmail as the host's user; its Message-ID without brackets. */
async function sendFrom(host: ReturnType<typeof mailHosts>[0], to: string): Promise<string> {
  const messageId = `${randomUUID()}@panels.test`;
  await using ssh = await logIn(host, userOf(host));
  const mail = `Subject: panels\nMessage-ID: <${messageId}>\nTo: ${to}\n\nhello\n`;
  expect((await ssh.run(`/usr/sbin/sendmail -i ${to}`, { stdin: mail })).exitCode).toBe(0);
  return messageId;
}

describe("the panels of the console's page", () => {
  it(
    "show the logs from their newest line on, and one mail's lines alone",
    { timeout: 900_000 },
    async () => {
      const [host1, host2] = mailHosts();
      await using opened = await openConsole();
      const { page, troubles } = opened;
      const messageId = await sendFrom(host1, addressOf(host2));
      const row = page.locator(`[data-message-id="${messageId}"]`);
      await page
        .locator(`[data-message-id="${messageId}"][data-state="delivered"]`)
        .waitFor({ timeout: mailPatienceMs });
      // At once: the next line that comes would bring them there anyway.
      const show = 'document.querySelector("#panel-log").click();';
      expect(await page.evaluate(`${show} ${fromNewest}`)).toEqual([0, 0]);
      const all = await page.locator(".log li").count();

      await page.locator("#panel-mails").click();
      await row.click();
      await page.locator(".timeline .event[data-kind=delivered]").waitFor();
      await page.locator(".story button", { hasText: "Filter the logs" }).click();
      await page.locator("#panel-log[aria-selected=true]").waitFor();
      const ids = await page.locator(".log li .queue-id").allInnerTexts();
      expect(await page.locator(".log li").count()).toBe(ids.length);
      expect(new Set(ids).size).toBe(2);
      const text = await page.locator(".log-columns").innerText();
      for (const words of [messageId, "status=sent", "delivered to mailbox"]) expect(text).toContain(words);
      await page.locator("#log-filter").fill("delivered to mailbox");
      for (const line of await page.locator(".log li").allInnerTexts()) {
        expect(line).toMatch(/delivered to mailbox|No line matches/);
      }
      await page.locator(".logs .bar button", { hasText: "Clear" }).click();
      await expect.poll(() => page.locator(".log li").count()).toBeGreaterThanOrEqual(all);
      expect(troubles).toEqual([]);
    },
  );

  it("show what waits in a queue, and why", { timeout: 900_000 }, async () => {
    const [host1, host2] = mailHosts();
    await using opened = await openConsole();
    const { page, troubles } = opened;
    await change(
      host1,
      "postconf -e defer_transports=smtp; postfix reload",
      "postconf -X defer_transports; postfix reload; postqueue -f",
    );
    const messageId = await sendFrom(host1, addressOf(host2));
    await page
      .locator(`[data-message-id="${messageId}"][data-state="deferred"]`)
      .waitFor({ timeout: mailPatienceMs });
    const station = page.locator(`[data-station="${host1.name}/queue"]`);
    await page.locator(`.has-some[data-station="${host1.name}/queue"]`).waitFor();
    await station.click();
    // The check's own mail may wait there too; it has no sender.
    const waiting = page.locator("#panel-queues-panel tbody tr", { hasText: `${userOf(host1)}@` });
    await waiting.first().waitFor();
    const words = await waiting.first().innerText();
    expect(words).toContain("deferred transport");
    const [queueId = ""] = words.split(/\s/);
    await using ssh = await logInAsStep(host1);
    expect((await runAsRoot(ssh, `postsuper -d ${queueId}`)).exitCode).toBe(0);
    await expect.poll(() => waiting.count(), { timeout: 60_000 }).toBe(0);
    expect(troubles).toEqual([]);
  });

  it("show the zones as the DNS server answers them", async () => {
    await using opened = await openConsole();
    const { page, troubles } = opened;
    await page.locator('article[data-node="dns"] button').click();
    for (const { domain, address } of mailHosts()) {
      const rows = page.locator("#panel-zones-panel tr");
      await rows
        .filter({ hasText: "MX" })
        .filter({ hasText: `10 mail.${domain}` })
        .waitFor();
      await rows
        .filter({ hasText: `mail.${domain}` })
        .filter({ hasText: address })
        .waitFor();
    }
    expect(troubles).toEqual([]);
  });
});
