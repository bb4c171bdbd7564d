import { describe, expect, it } from "vitest";
import { findMailTrace } from "../../../src/model/trace/find-mail-trace.ts";
import { mergeMailLogs, parseMailLog } from "../../../src/model/mail/mail-log.ts";
import {
  eventsOf,
  linesUntil,
  recordedLines,
  sourcesOf,
  traceNamed,
  traceOf,
  wordsOf,
} from "./recorded-trace.ts";

describe("the trace of a mail that arrives", () => {
  it("tells who handed it over, what was asked of DNS, each hop and the delivery", () => {
    const trace = traceNamed("across");
    expect(trace).toMatchObject({ outcome: "delivered", from: "user1@example1.test" });
    expect(trace.recipients).toEqual([
      { address: "user2@example2.test", outcome: "delivered", host: "host2", queueId: "32E4B3D8278" },
    ]);
    expect(trace.events.slice(0, 5).map(({ kind, host }) => `${kind} ${host}`)).toEqual([
      "queued host1",
      "asked-dns host1",
      "queued host2",
      "passed host1",
      "delivered host2",
    ]);
    expect(eventsOf(trace, "queued").map(({ source }) => source)).toEqual([
      { via: "local", uid: 1001, user: "user1" },
      {
        via: "smtp",
        client: { name: "unknown", address: "192.168.1.12", node: "host1" },
        tls: "on",
      },
    ]);
    expect(eventsOf(trace, "asked-dns")[0]?.questions.map(({ type, name }) => `${type} ${name}`)).toEqual([
      "MX example2.test",
      "A mail.example2.test",
      "AAAA mail.example2.test",
    ]);
    expect(eventsOf(trace, "passed")[0]).toMatchObject({
      tls: "on",
      nextQueueId: "32E4B3D8278",
      relay: { host: "host2" },
      delays: { totalSeconds: 0.06, connecting: 0.05 },
    });
  });

  it("keeps cause before effect where the first host's log was stamped late", () => {
    const late = recordedLines
      .map((line) => (line.host === "host1" ? { ...line, atMs: line.atMs + 66 } : line))
      .sort((left, right) => left.atMs - right.atMs);
    const trace = traceOf({ by: "message-id", messageId: "across@example1.test" }, late);
    expect(trace.events.slice(0, 3).map(({ kind, host }) => `${kind} ${host}`)).toEqual([
      "queued host1",
      "asked-dns host1",
      "queued host2",
    ]);
    expect(trace.hops.map(({ host }) => host)).toEqual(["host1", "host2"]);
    expect(trace.outcome).toBe("delivered");
  });

  it("says that the servers talked in clear where there was no TLS", () => {
    const trace = traceNamed("tlsoff");
    expect(eventsOf(trace, "passed")[0]?.tls).toBe("off");
    expect(wordsOf(trace, "en")).toContain("in clear: without TLS");
    expect(wordsOf(trace, "ja")).toContain("TLSなし、平文");
    expect(wordsOf(traceNamed("across"), "en")).toContain(
      "passed on to host2 (mail.example2.test[192.168.1.13]:25), encrypted (TLS)",
    );
  });

  it("says nothing of TLS while the connection lasts", () => {
    const trace = traceOf({ by: "queue-id", queueId: "32E4B3D8278" }, linesUntil("18:55:31.210500"));
    expect(eventsOf(trace, "queued")[1]).toMatchObject({ source: { tls: "unknown" } });
    expect(eventsOf(trace, "passed")).toMatchObject([{ tls: "unknown" }]);
    expect(wordsOf(trace, "en")).not.toMatch(/\(TLS\)|in clear/);
    expect(trace.outcome).toBe("on-its-way");
    expect(trace.notes[0]?.en).toContain("trace it again in a moment");
  });

  it("tells a mail program's login, from the desk, and that the password went by readable", () => {
    const trace = traceNamed("tb1");
    expect(eventsOf(trace, "queued")[0]?.source).toMatchObject({
      client: { node: "desk", address: "192.168.1.122" },
      login: { method: "PLAIN", username: "user1" },
      tls: "off",
    });
    expect(wordsOf(trace, "en")).toContain("The password went over the network readable");
    expect(wordsOf(trace, "ja")).toContain("パスワードは、ネットワーク上をそのまま読める形で");
  });

  it("tells who was at the mailbox, and claims no more than Dovecot logs", () => {
    const visits = eventsOf(traceNamed("tb1"), "mailbox-visited");
    expect(
      visits.map(({ protocol, counts }) => [protocol, counts["retr"], counts["del"], counts["expunged"]]),
    ).toEqual([
      ["pop3", 1, 0, undefined],
      ["imap", undefined, undefined, 1],
      ["pop3", 0, 1, undefined],
    ]);
    expect(wordsOf(traceNamed("tb1"), "en")).toContain("Which mails these were isn't logged");
    expect(eventsOf(traceNamed("unknown"), "mailbox-visited")).toEqual([]);
  });

  it("counts no visit that was over before the mail came, and nobody else's", () => {
    const session = (id: string, user: string, minute: string): string =>
      [
        `2026-11-24T18:${minute}:01.1+00:00 host2example2test dovecot: imap-login: Login: user=<${user}>, method=PLAIN, rip=10.213.0.1, lip=192.168.1.13, mpid=9, session=<${id}>`,
        `2026-11-24T18:${minute}:02.1+00:00 host2example2test dovecot: imap(${user})<9><${id}>: Disconnected: Logged out in=1 out=1 deleted=0 expunged=0 trashed=0 hdr_count=0 hdr_bytes=0 body_count=0 body_bytes=0`,
      ].join("\n");
    const visitsWith = (log: string) => {
      const lines = mergeMailLogs([recordedLines, parseMailLog("host2", log)]);
      return eventsOf(
        traceOf({ by: "message-id", messageId: "tb1@example1.test" }, lines),
        "mailbox-visited",
      );
    };
    const before = eventsOf(traceNamed("tb1"), "mailbox-visited");
    expect(before).toHaveLength(3);
    expect(visitsWith(session("early", "user2", "40"))).toEqual(before);
    expect(visitsWith(session("others", "user9", "58"))).toEqual(before);
    expect(visitsWith(session("late", "user2", "59"))).toHaveLength(4);
  });

  it("follows an alias to where it leads", () => {
    const trace = traceNamed("alias");
    expect(trace.outcome).toBe("delivered");
    expect(eventsOf(trace, "forwarded")[0]).toMatchObject({ originalTo: "boss", nextQueueId: "A0CCC3D8451" });
    expect(trace.recipients).toMatchObject([{ address: "user2@example2.test", host: "host2" }]);
    expect(wordsOf(trace, "en")).toContain("It was written to boss, which leads to");
    expect(wordsOf(trace, "ja")).toContain("元の宛先はboss");
  });

  it("tells both attempts of a mail that was put off and delivered then", () => {
    const trace = traceNamed("down");
    expect(trace.outcome).toBe("delivered");
    expect(eventsOf(trace, "deferred")[0]?.reason).toMatchObject({ dsn: "4.4.1" });
    expect(wordsOf(trace, "en")).toContain("nobody listens on that port of host2");
    expect(traceOf({ by: "queue-id", queueId: "563D53D842A" }, linesUntil("18:56:40"))).toMatchObject({
      outcome: "deferred",
      recipients: [{ address: "user2@example2.test", outcome: "deferred", host: "host1" }],
    });
  });
});

describe("the trace of a mail that does not arrive", () => {
  it("joins the refusal at the next host, the bounce and its delivery to the sender", () => {
    const trace = traceNamed("unknown");
    expect(trace.outcome).toBe("bounced");
    expect(trace.recipients).toMatchObject([{ outcome: "bounced", host: "host1", reason: { dsn: "5.1.1" } }]);
    expect(eventsOf(trace, "refused")).toMatchObject([
      { host: "host2", at: "RCPT", to: "nosuch@example2.test" },
    ]);
    expect(eventsOf(trace, "notified")).toMatchObject([
      { nextQueueId: "C96073D8433", about: "non-delivery" },
    ]);
    expect(eventsOf(trace, "delivered")).toMatchObject([{ to: "user1@example1.test", isNotification: true }]);
    expect(wordsOf(trace, "en")).toContain("host2 has neither an account nor an alias of that name");
    expect(wordsOf(trace, "ja")).toContain("host2に、その名前のユーザーも別名（alias）もありません");
  });

  it.each([
    ["loop", "bounced", "5.4.6", "sends it back to where it has been", "転送が輪になっています"],
    [
      "nodns",
      "bounced",
      "5.4.4",
      "DNS knows no mail host of that domain",
      "DNSにそのドメインのメールサーバーがありません",
    ],
  ])("explains %s", (name, outcome, dsn, en, ja) => {
    const trace = traceNamed(name);
    expect(trace.outcome).toBe(outcome);
    expect(trace.recipients[0]?.reason?.dsn).toBe(dsn);
    expect(wordsOf(trace, "en")).toContain(en);
    expect(wordsOf(trace, "ja")).toContain(ja);
  });

  it("shows a mail's way round in a circle, hop by hop", () => {
    const ways = traceNamed("loop").hops.filter(({ isNotification }) => !isNotification);
    expect(ways.map(({ host }) => host)).toEqual(["host1", "host2", "host2", "host1", "host1", "host2"]);
  });

  it("explains a mail that is too large for the next host", () => {
    const trace = traceOf({ by: "queue-id", queueId: "7C6F13D8423" });
    expect(trace.recipients).toMatchObject([{ outcome: "bounced", reason: { dsn: "5.3.4" } }]);
    expect(wordsOf(trace, "en")).toContain("larger than host2 takes (message_size_limit)");
  });

  it.each([
    ["by sendmail", "18:56:15", "sendmail on host1 refuses the mail of user1", "larger than host1 takes"],
    ["at MAIL", "18:56:18", "refuses a mail from host2 (192.168.1.13) at MAIL", "larger than host1 takes"],
    [
      "while it is read",
      "18:58:12",
      "refuses a mail from a program outside the lab (10.213.0.1) at DATA",
      "larger than host1 takes",
    ],
    [
      "for relaying",
      "18:57:33.1",
      "refuses a mail from a program outside the lab (10.213.0.1) at RCPT",
      "passes mail on for its own network",
    ],
  ])("tells as the last event one that was refused %s", (_how, time, what, why) => {
    const trace = traceOf({ by: "last" }, linesUntil(time));
    expect(trace.outcome).toBe("refused");
    expect(wordsOf(trace, "en")).toContain(what);
    expect(wordsOf(trace, "en")).toContain(why);
  });

  it.each([
    [
      "a wrong password",
      "18:57:38.5",
      "could not log in as user1 by PLAIN",
      "SMTP認証（PLAIN）が失敗しました（user1）",
    ],
    [
      "a method that there isn't",
      "18:57:41",
      "by a method that the server doesn't offer",
      "対応していない方式",
    ],
  ])("tells as the last event a login that failed by %s", (_why, time, en, ja) => {
    const trace = traceOf({ by: "last" }, linesUntil(time));
    expect(trace).toMatchObject({ outcome: "login-failed", recipients: [], hops: [] });
    expect(wordsOf(trace, "en")).toContain(en);
    expect(wordsOf(trace, "ja")).toContain(ja);
  });
});

describe("the trace of a mail to several people", () => {
  const log = [
    "2026-11-25T10:00:00.1+00:00 h postfix/pickup[1]: ABCDEF12345: uid=1001 from=<user1>",
    "2026-11-25T10:00:00.2+00:00 h postfix/cleanup[2]: ABCDEF12345: message-id=<several@x>",
    "2026-11-25T10:00:00.3+00:00 h postfix/qmgr[3]: ABCDEF12345: from=<user1@example1.test>, size=1, nrcpt=3 (queue active)",
    "2026-11-25T10:00:00.4+00:00 h postfix/smtp[4]: ABCDEF12345: to=<a@x.test>, relay=mx.x.test[10.9.9.9]:25, delay=1, delays=1/0/0/0, dsn=2.0.0, status=sent (250 ok)",
    "2026-11-25T10:00:00.5+00:00 h postfix/smtp[4]: ABCDEF12345: to=<b@x.test>, relay=mx.x.test[10.9.9.9]:25, delay=1, delays=1/0/0/0, dsn=4.2.2, status=deferred (host mx.x.test[10.9.9.9] said: 452 4.2.2 mailbox full (in reply to RCPT TO command))",
    "2026-11-25T10:00:00.6+00:00 h postfix/local[5]: ABCDEF12345: to=<user1@example1.test>, relay=local, delay=1, delays=1/0/0/0, dsn=2.0.0, status=sent (delivered to mailbox)",
  ].join("\n");
  const lines = parseMailLog("host1", log);

  it("has what became of it for each of them, and one question for those of one domain", () => {
    const trace = traceOf({ by: "last" }, lines);
    expect(trace.outcome).toBe("mixed");
    expect(trace.recipients.map(({ address, outcome }) => `${address} ${outcome}`)).toEqual([
      "a@x.test delivered",
      "b@x.test deferred",
      "user1@example1.test delivered",
    ]);
    expect(eventsOf(trace, "asked-dns")).toHaveLength(1);
  });

  it("tells that it expired, or that the administrator deleted it", () => {
    const expired = parseMailLog(
      "host1",
      `${log}\n2026-11-30T10:00:00.4+00:00 h postfix/qmgr[3]: ABCDEF12345: from=<user1@example1.test>, status=expired, returned to sender`,
    );
    const trace = traceOf({ by: "last" }, expired);
    expect(trace.recipients[1]).toMatchObject({ outcome: "expired" });
    expect(wordsOf(trace, "en")).toContain("as long as Postfix lets it");
    expect(wordsOf(trace, "ja")).toContain("期限切れ");
    const deleted = parseMailLog(
      "host1",
      `${log}\n2026-11-25T10:01:00.4+00:00 h postfix/postsuper[9]: ABCDEF12345: removed`,
    );
    expect(traceOf({ by: "last" }, deleted).recipients[1]).toMatchObject({ outcome: "deleted" });
    expect(wordsOf(traceOf({ by: "last" }, deleted), "ja")).toContain("管理者がキューから削除");
  });
});

describe("what the DNS server was asked", () => {
  it("is what the host itself asked, and not what another one did at the time", () => {
    const sources = sourcesOf();
    const across = { by: "message-id", messageId: "across@example1.test" } as const;
    const askedOf = (questions: typeof sources.questions): unknown =>
      findMailTrace({ ...sources, ...(questions && { questions }) }, across)?.events.filter(
        ({ kind }) => kind === "asked-dns",
      );
    const foreign = (sources.questions ?? []).map((question) => ({ ...question, client: "192.168.1.13" }));
    expect(foreign.length).toBeGreaterThan(0);
    expect(askedOf([...foreign, ...(sources.questions ?? [])])).toEqual(askedOf(sources.questions));
  });

  it("is said not to be known where its log can't be read", () => {
    const { hosts, lines, accounts, otherNodes, stackWords } = sourcesOf();
    const sources = { hosts, lines, accounts, otherNodes, stackWords };
    const trace = findMailTrace(sources, { by: "message-id", messageId: "across@example1.test" });
    if (trace === undefined) throw new Error("no trace");
    expect(eventsOf(trace, "asked-dns")).toMatchObject([{ isLogged: false, questions: [] }]);
    expect(wordsOf(trace, "en")).toContain("log of questions can't be read");
    expect(wordsOf(trace, "ja")).toContain("質問の記録は読めません");
  });
});
