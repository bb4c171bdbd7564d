import { describe, expect, it } from "vitest";
import { MailJourney } from "../../../src/model/mail/mail-journey.ts";
import { parseMailLogLine } from "../../../src/model/mail/mail-log.ts";

const startMs = Date.parse("2026-11-24T10:00:00Z");

function lineOf(host: string, second: string, program: string, message: string) {
  return parseMailLogLine(host, `2026-11-24T10:00:${second}+00:00 ${host} postfix/${program}[1]: ${message}`);
}

const queued = lineOf("host1", "00.1", "cleanup", "AAAAAA1: message-id=<one@example1.test>");
const passed = lineOf(
  "host1",
  "00.4",
  "smtp",
  "AAAAAA1: to=<user2@example2.test>, relay=mail.example2.test[192.168.1.13]:25, delay=0.1, delays=0/0/0/0.1, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as BBBBBB2)",
);
const taken = lineOf("host2", "00.2", "cleanup", "BBBBBB2: message-id=<one@example1.test>");
const delivered = lineOf(
  "host2",
  "00.3",
  "local",
  "BBBBBB2: to=<user2@example2.test>, relay=local, delay=0, delays=0/0/0/0, dsn=2.0.0, status=sent (delivered to mailbox)",
);

describe("a mail's journey", () => {
  it.each([
    ["in their order", [queued, passed, taken, delivered]],
    ["with the first host's word last", [queued, taken, delivered, passed]],
  ])("has its hops in the order of the queues, whose lines come %s", (_name, lines) => {
    const journey = new MailJourney("<one@example1.test>", startMs);
    const settled = lines.map((line) => {
      journey.take(line);
      return journey.isSettled;
    });
    expect(journey.hops.map(({ host, kind }) => `${host} ${kind}`)).toEqual([
      "host1 passed",
      "host2 delivered",
    ]);
    expect(settled.at(-1)).toBe(true);
  });

  it("is not settled while the first host has not said that it passed the mail on", () => {
    const journey = new MailJourney("<one@example1.test>", startMs);
    for (const line of [queued, taken, delivered]) journey.take(line);
    expect(journey.isSettled).toBe(false);
  });
});
