import { describe, expect, it } from "vitest";
import { MailJourney, type MailEvent } from "../../../src/model/mail/mail-journey.ts";
import {
  deliveryIn,
  mergeMailLogs,
  messageIdIn,
  parseMailLog,
  parseMailLogLine,
} from "../../../src/model/mail/mail-log.ts";
import { MessageTrace } from "../../../src/model/mail/message-trace.ts";
import { host1Log, host2Log } from "./mail-log-lines.ts";

const lines = mergeMailLogs([parseMailLog("host1", host1Log), parseMailLog("host2", host2Log)]);
const beforeAllMs = Date.parse("2026-11-24T10:05:35Z");

function traced(messageId: string): string[] {
  return new MessageTrace(messageId).linesIn(lines).map(({ host, queueId }) => `${host} ${queueId ?? ""}`);
}

function journeyOf(messageId: string, startMs = beforeAllMs): { events: MailEvent[]; journey: MailJourney } {
  const journey = new MailJourney(messageId, startMs);
  return { journey, events: lines.map((line) => journey.take(line)).filter((event) => event !== undefined) };
}

const stamp = "2026-11-24T19:05:35.5+09:00 host1example1test";

describe("a line of the mail log", () => {
  it("gives its time, program, queue id and message", () => {
    const text = `${stamp} postfix/qmgr[955]: A75D42604C4: removed`;
    expect(parseMailLogLine("host1", text)).toEqual({
      host: "host1",
      atMs: Date.parse("2026-11-24T10:05:35.500Z"),
      program: "postfix/qmgr",
      queueId: "A75D42604C4",
      message: "removed",
      text,
    });
  });

  it("keeps its long queue id", () => {
    expect(parseMailLogLine("host1", `${stamp} postfix/qmgr[9]: 4XyZr90Vjyz1bR: removed`).queueId).toBe(
      "4XyZr90Vjyz1bR",
    );
  });

  it.each([
    "postfix/smtpd[1073]: NOQUEUE: reject: RCPT from unknown[192.168.1.12]: 550 5.1.1 <x@example2.test>",
    "postfix/smtpd[1073]: connect from unknown[192.168.1.12]",
    "postfix/smtpd[1073]: warning: SASL authentication failed",
    "dovecot: master: ABCDEF01: not a queue id",
  ])("has no queue id where it is of no mail: %s", (rest) => {
    expect(parseMailLogLine("host1", `${stamp} ${rest}`).queueId).toBeUndefined();
  });

  it("that is none of rsyslog's keeps its text and the time of the line before", () => {
    const [, second] = parseMailLog("host1", `${stamp} dovecot: master: up\n\tcontinued`);
    expect(second).toMatchObject({ atMs: Date.parse("2026-11-24T10:05:35.500Z"), text: "\tcontinued" });
  });

  it("does not take a Message-ID from words that a sender put into a header", () => {
    const forged = `${stamp} postfix/cleanup[1]: A75D42604C4: warning: header Subject: message-id=<mail1@example1.test>`;
    expect(messageIdIn(parseMailLogLine("host1", forged))).toBeUndefined();
  });

  it.each([
    ["sent", "mail1", "host1", "C6B102606B2", "2.0.0"],
    ["sent", "mail1", "host2", undefined, "2.0.0"],
    ["bounced", "mail2", "host1", undefined, "5.1.1"],
    ["bounced", "mail3", "host1", undefined, "5.4.4"],
    ["deferred", "mail4", "host1", undefined, "4.4.1"],
  ])("tells of an attempt: %s, %s on %s", (status, name, host, nextQueueId, dsn) => {
    const attempts = new MessageTrace(`${name}@example1.test`)
      .linesIn(lines)
      .filter((line) => line.host === host)
      .map(deliveryIn)
      .filter((attempt) => attempt !== undefined);
    expect(attempts[0]).toMatchObject({ status, dsn });
    expect(attempts[0]?.nextQueueId).toBe(nextQueueId);
  });

  it("tells of an attempt for an alias", () => {
    const text = `${stamp} postfix/local[9]: A75D42604C4: to=<ubuntu@example1.test>, orig_to=<root@example1.test>, relay=local, delay=0.1, delays=0/0/0/0.1, dsn=2.0.0, status=sent (forwarded as B75D42604C4)`;
    expect(deliveryIn(parseMailLogLine("host1", text))).toMatchObject({
      to: "ubuntu@example1.test",
      nextQueueId: "B75D42604C4",
    });
  });
});

describe("the logs of both hosts", () => {
  it("come in order of time, and lose no line", () => {
    expect(lines.map(({ atMs }) => atMs)).toEqual(lines.map(({ atMs }) => atMs).sort((a, b) => a - b));
    expect(lines).toHaveLength(`${host1Log}${host2Log}`.trimEnd().split("\n").length);
    expect(new Set(lines.map(({ host }) => host))).toEqual(new Set(["host1", "host2"]));
  });

  it("give a mail's lines of every queue that it was in, and no other's", () => {
    expect(traced("<mail1@example1.test>")).toEqual([
      ...Array<string>(3).fill("host1 A75D42604C4"),
      ...Array<string>(2).fill("host2 C6B102606B2"),
      "host1 A75D42604C4",
      "host1 A75D42604C4",
      ...Array<string>(3).fill("host2 C6B102606B2"),
    ]);
  });

  it("give the notification with the mail that bounced", () => {
    expect(new Set(traced("mail2@example1.test"))).toEqual(
      new Set(["host1 23341260714", "host1 35141260723"]),
    );
    expect(new Set(traced("mail3@example1.test"))).toEqual(
      new Set(["host1 704CA260602", "host1 73E7A260644"]),
    );
  });

  it("give the notification that had left the queue before the log of the mail named it", () => {
    const isLate = ({ text }: { text: string }): boolean =>
      /notification: 35141260723$|23341260714: removed$/.test(text);
    const late = [...lines.filter((line) => !isLate(line)), ...lines.filter(isLate)];
    const found = new MessageTrace("mail2@example1.test").linesIn(late);
    expect(found.filter(({ queueId }) => queueId === "35141260723")).toHaveLength(4);
  });

  it("give nothing for a mail that they do not have", () => {
    expect(traced("mail9@example1.test")).toEqual([]);
    expect(traced("mail1@example1")).toEqual([]);
  });

  it("tell two mails apart that had the same queue id one after the other", () => {
    const log = ["old", "gone", "new", "late"]
      .flatMap((name) => [
        `${stamp} postfix/pickup[1]: A75D42604C4: uid=1001 from=<${name}>`,
        `${stamp} postfix/cleanup[1]: A75D42604C4: message-id=<${name}@example1.test>`,
        // One that went away before it was whole is never removed.
        ...(name === "gone" ? [] : [`${stamp} postfix/qmgr[1]: A75D42604C4: removed`]),
      ])
      .join("\n");
    const found = new MessageTrace("new@example1.test").linesIn(parseMailLog("host1", log));
    expect(found.map(({ message }) => message)).toEqual([
      "uid=1001 from=<new>",
      "message-id=<new@example1.test>",
      "removed",
    ]);
  });
});

describe("a mail's journey", () => {
  it("goes from queue to queue, with the time in each", () => {
    const { events, journey } = journeyOf("<mail1@example1.test>");
    expect(events.map(({ host, kind, sinceStartMs }) => [host, kind, sinceStartMs])).toEqual([
      ["host1", "queued", 696.8],
      ["host2", "queued", 814.8],
      ["host1", "passed", 815.7],
      ["host2", "delivered", 823],
    ]);
    expect(journey.hops.map(({ host, durationMs }) => [host, durationMs])).toEqual([
      ["host1", 118.9],
      ["host2", 8.2],
    ]);
  });

  it.each([
    ["mail2", "bounced", "Recipient address rejected"],
    ["mail3", "bounced", "Host or domain name not found"],
    ["mail4", "deferred", "connect to mail.example2.test[192.168.1.13]:25: Connection refused"],
  ])("of %s ends %s, with the reason", (name, kind, reason) => {
    const last = journeyOf(`${name}@example1.test`).events.at(-1);
    expect(last).toMatchObject({ host: "host1", kind });
    expect(last?.attempt?.reason).toContain(reason);
  });

  it("is not mixed up with what the log held before it began", () => {
    expect(journeyOf("mail1@example1.test", beforeAllMs + 60_000).events).toEqual([]);
  });
});
