import { describe, expect, it } from "vitest";
import { mergeMailLogs, parseMailLog } from "../../../src/model/mail/mail-log.ts";
import { MailTracker } from "../../../src/model/mail/mail-tracker.ts";

const hosts = [
  { name: "host1", address: "192.168.1.12" },
  { name: "host2", address: "192.168.1.13" },
];

function log(host: string, ...lines: [ms: number, program: string, message: string][]) {
  const text = lines
    .map(
      ([ms, program, message]) =>
        `2026-11-24T12:00:00.${String(ms).padStart(3, "0")}+00:00 x postfix/${program}[1]: ${message}`,
    )
    .join("\n");
  return parseMailLog(host, text);
}

const sent = log(
  "host1",
  [1, "pickup", "AAAAAA1: uid=1001 from=<user1>"],
  [2, "cleanup", "AAAAAA1: message-id=<one@example1.test>"],
  [3, "qmgr", "AAAAAA1: from=<user1@example1.test>, size=400, nrcpt=1 (queue active)"],
  [
    40,
    "smtp",
    "AAAAAA1: to=<user2@example2.test>, relay=mail.example2.test[192.168.1.13]:25, delay=0.1, delays=0/0/0/0, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as BBBBBB2)",
  ],
  [41, "qmgr", "AAAAAA1: removed"],
);
const received = log(
  "host2",
  [20, "smtpd", "BBBBBB2: client=unknown[192.168.1.12]"],
  [21, "cleanup", "BBBBBB2: message-id=<one@example1.test>"],
  [22, "qmgr", "BBBBBB2: from=<user1@example1.test>, size=600, nrcpt=1 (queue active)"],
  [
    30,
    "local",
    "BBBBBB2: to=<user2@example2.test>, relay=local, delay=0, delays=0/0/0/0, dsn=2.0.0, status=sent (delivered to mailbox)",
  ],
  [31, "qmgr", "BBBBBB2: removed"],
);

describe("MailTracker", () => {
  it("tells a mail's way over both hosts as one mail, passed on before it arrives, whenever the host said so", () => {
    const { events, lines } = new MailTracker(hosts).take(mergeMailLogs([sent, received]));
    expect(events.map(({ kind, host }) => `${host} ${kind}`)).toEqual([
      "host1 queued",
      "host1 passed",
      "host2 queued",
      "host2 delivered",
      "host2 removed",
      "host1 removed",
    ]);
    expect(new Set(events.map(({ mail }) => mail)).size).toBe(1);
    expect(events[0]).toMatchObject({
      client: "local",
      from: "user1@example1.test",
      sizeBytes: 400,
      sinceStartMs: 0,
    });
    expect(events[1]).toMatchObject({ nextHost: "host2", nextQueueId: "BBBBBB2" });
    expect(lines.every(({ mail }) => mail === events[0]?.mail)).toBe(true);
  });

  it("takes a queue id that is used again for another mail", () => {
    const tracker = new MailTracker(hosts);
    const first = tracker.take(sent).events[0];
    const again = log(
      "host1",
      [100, "cleanup", "AAAAAA1: message-id=<two@example1.test>"],
      [101, "qmgr", "AAAAAA1: from=<user1@example1.test>, size=1, nrcpt=1 (queue active)"],
    );
    const [second] = tracker.take(again).events;
    expect(second).toMatchObject({ messageId: "two@example1.test", kind: "queued" });
    expect(second?.mail).not.toBe(first?.mail);
  });

  it("takes it for another mail too where the first one's client went away before it was whole", () => {
    const { events, lines } = new MailTracker(hosts).take(
      log(
        "host1",
        [1, "smtpd", "AAAAAA1: client=unknown[192.168.1.13]"],
        [2, "cleanup", "AAAAAA1: message-id=<gone@example2.test>"],
        [3, "pickup", "AAAAAA1: uid=1001 from=<user1>"],
        [4, "cleanup", "AAAAAA1: message-id=<two@example1.test>"],
        [5, "qmgr", "AAAAAA1: from=<user1@example1.test>, size=1, nrcpt=1 (queue active)"],
      ),
    );
    expect(events).toMatchObject([{ messageId: "two@example1.test", kind: "queued", client: "local" }]);
    expect(lines.map(({ messageId }) => messageId?.split("@")[0])).toEqual([
      "gone",
      "gone",
      "two",
      "two",
      "two",
    ]);
  });

  it("tells two mails apart that have no Message-ID", () => {
    const { events } = new MailTracker(hosts).take(
      log(
        "host1",
        [1, "cleanup", "AAAAAA1: message-id=<>"],
        [2, "qmgr", "AAAAAA1: from=<user1@example1.test>, size=1, nrcpt=1 (queue active)"],
        [3, "cleanup", "BBBBBB2: message-id=<>"],
        [4, "qmgr", "BBBBBB2: from=<user1@example1.test>, size=1, nrcpt=1 (queue active)"],
      ),
    );
    expect(new Set(events.map(({ mail }) => mail)).size).toBe(2);
    expect(events[0]).not.toHaveProperty("messageId");
  });

  it("tells a mail that is put off and tried again as one that is queued once", () => {
    const off =
      "to=<a@example2.test>, relay=none, delay=1, delays=0/0/0/0, dsn=4.4.1, status=deferred (connect: refused)";
    const active = "AAAAAA1: from=<user1@example1.test>, size=1, nrcpt=1 (queue active)";
    const { events } = new MailTracker(hosts).take(
      log(
        "host1",
        [1, "cleanup", "AAAAAA1: message-id=<x@y>"],
        [2, "qmgr", active],
        [3, "smtp", `AAAAAA1: ${off}`],
        [4, "qmgr", active],
        [5, "smtp", `AAAAAA1: ${off}`],
      ),
    );
    expect(events.map(({ kind }) => kind)).toEqual(["queued", "deferred", "deferred"]);
    expect(events[1]?.reason).toBe("connect: refused");
  });

  it("tells what a host did not take as a mail of its own, with the reason", () => {
    const { events } = new MailTracker(hosts).take(
      log("host1", [
        1,
        "smtpd",
        "NOQUEUE: reject: RCPT from unknown[10.0.0.1]: 554 5.7.1 <a@b>: Relay access denied; from=<x@y> to=<a@b> proto=ESMTP helo=<z>",
      ]),
    );
    expect(events).toMatchObject([
      {
        kind: "rejected",
        client: "unknown[10.0.0.1]",
        reason: "554 5.7.1 <a@b>: Relay access denied",
        from: "x@y",
        to: "a@b",
      },
    ]);
    expect(events[0]).not.toHaveProperty("messageId");
  });

  it("names the mail that a notification is of", () => {
    const { events } = new MailTracker(hosts).take(
      log(
        "host1",
        [1, "cleanup", "AAAAAA1: message-id=<x@y>"],
        [2, "qmgr", "AAAAAA1: from=<user1@example1.test>, size=1, nrcpt=1 (queue active)"],
        [3, "cleanup", "CCCCCC3: message-id=<bounce@y>"],
        [4, "bounce", "AAAAAA1: sender non-delivery notification: CCCCCC3"],
        [5, "qmgr", "CCCCCC3: from=<>, size=9, nrcpt=1 (queue active)"],
      ),
    );
    expect(events.at(-1)).toMatchObject({ messageId: "bounce@y", notificationOf: events[0]?.mail, from: "" });
  });

  it("forgets the oldest of many mails", () => {
    const tracker = new MailTracker(hosts);
    const first = tracker.take(log("host1", [1, "cleanup", "AAAAAA1: message-id=<first@y>"])).lines[0]?.mail;
    for (let count = 0; count < 3000; count += 1) {
      tracker.take(
        log("host1", [2, "cleanup", `B${String(count).padStart(6, "0")}: message-id=<${count}@y>`]),
      );
    }
    const again = tracker.take(log("host1", [3, "cleanup", "DDDDDD4: message-id=<first@y>"])).lines[0]?.mail;
    expect(again).not.toBe(first);
  });
});
