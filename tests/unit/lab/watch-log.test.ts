import { describe, expect, it } from "vitest";
import { strangersAddress } from "../../../src/checks/login-probes.ts";
import { WatchedLog } from "../../../src/lab/watch/watch-log.ts";
import { parseMailLog } from "../../../src/model/mail/mail-log.ts";

/** The lines of a mail from its host's own sendmail to a mailbox there. */
function mailLines(queueId: string, messageId: string): string {
  const at = "2026-11-24T10:00:00.1+00:00 host1example1test";
  return [
    `${at} postfix/pickup[1]: ${queueId}: uid=1001 from=<user1>`,
    `${at} postfix/cleanup[2]: ${queueId}: message-id=<${messageId}>`,
    `${at} postfix/qmgr[3]: ${queueId}: from=<user1@example1.test>, size=1, nrcpt=1 (queue active)`,
    `${at} postfix/local[4]: ${queueId}: to=<user1@example1.test>, relay=local, delay=0, delays=0/0/0/0, dsn=2.0.0, status=sent (delivered to mailbox)`,
    `${at} postfix/qmgr[3]: ${queueId}: removed`,
  ].join("\n");
}

function take(log: string) {
  return new WatchedLog([]).take(parseMailLog("host1", log));
}

describe("the logs of a lab that is watched", () => {
  it("tell each event of a mail, and its lines are nobody's check", () => {
    const { lines, events } = take(mailLines("ABCDEF12345", "a@example1.test"));
    expect(events.map(({ kind }) => kind)).toEqual(["queued", "delivered", "removed"]);
    expect(lines.filter(({ isCheck }) => isCheck === true)).toEqual([]);
  });

  it("tell no event of a mail that a check sent, and mark its lines", () => {
    const { lines, events } = take(mailLines("ABCDEF12345", "a@check.mail-lab.invalid"));
    expect(events).toEqual([]);
    expect(lines).toHaveLength(5);
    expect(lines.filter(({ isCheck }) => isCheck === true)).toHaveLength(5);
  });

  it("tell no event of the check's stranger, and one of any other who was refused", () => {
    const refusal = (from: string): string =>
      `2026-11-24T10:00:00.1+00:00 host1example1test postfix/smtpd[1]: NOQUEUE: reject: RCPT from unknown[192.0.2.2]: 454 4.7.1 <x@y.test>: Relay access denied; from=<${from}> to=<x@y.test> proto=ESMTP helo=<z>`;
    const own = take(refusal(strangersAddress));
    expect([own.events, own.lines[0]?.isCheck]).toEqual([[], true]);
    const other = take(refusal("somebody@stranger.test"));
    expect(other.events.map(({ kind }) => kind)).toEqual(["rejected"]);
    expect(other.lines[0]?.isCheck).toBeUndefined();
  });
});
