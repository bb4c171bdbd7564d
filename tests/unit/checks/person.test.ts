import { describe, expect, it } from "vitest";
import { parseDnsQuestions } from "../../../src/model/dns-questions.ts";
import { parseMailLog } from "../../../src/model/mail/mail-log.ts";
import { judged, type LabChange } from "./healthy-lab.ts";

/** A host's mail log: each line gets a time, a host name and a process id. */
function logOf(host: string, lines: readonly (readonly [program: string, message: string])[]) {
  const text = lines.map(
    ([program, message], index) =>
      `2026-11-24T11:40:${String(10 + index)}.000000+00:00 ${host} ${program}[1]: ${message}`,
  );
  return parseMailLog(host, text.join("\n"));
}

const byHand = { messageId: "20261124114000.AAAAAA1@mail.example1.test", uid: "uid=1001 from=<user1>" };

/** The two logs of one mail from user1 on host1 to user2 on host2. */
function mailAcross({ messageId, uid }: { readonly messageId: string; readonly uid: string }): LabChange {
  return {
    stage: "exercise",
    host1: {
      seen: () => ({
        mailLog: logOf("host1", [
          ["postfix/pickup", `AAAAAA1: ${uid}`],
          ["postfix/cleanup", `AAAAAA1: message-id=<${messageId}>`],
          [
            "postfix/smtp",
            "AAAAAA1: to=<user2@example2.test>, relay=mail.example2.test[192.168.1.13]:25, delay=0.1, delays=0/0/0/0, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as BBBBBB2)",
          ],
          ["postfix/qmgr", "AAAAAA1: removed"],
        ]),
      }),
    },
    host2: {
      seen: () => ({
        mailLog: logOf("host2", [
          ["postfix/smtpd", "BBBBBB2: client=unknown[192.168.1.12]"],
          ["postfix/cleanup", `BBBBBB2: message-id=<${messageId}>`],
          [
            "postfix/local",
            "BBBBBB2: to=<user2@example2.test>, relay=local, delay=0, delays=0/0/0/0, dsn=2.0.0, status=sent (delivered to mailbox)",
          ],
          ["postfix/qmgr", "BBBBBB2: removed"],
        ]),
      }),
    },
  };
}

function statusOf(id: string, change: LabChange): string | undefined {
  return judged(change).get(id)?.status;
}

describe("sending with mail", () => {
  it("is seen by the queue ids in both logs, on the sender's host alone", () => {
    expect(statusOf("host1 6.07/by-person", mailAcross(byHand))).toBe("passed");
    expect(statusOf("host2 6.07/by-person", mailAcross(byHand))).toBe("not-yet");
  });

  it.each([
    ["the check's own mail", { ...byHand, messageId: "1-2-3@check.mail-lab.invalid" }],
    ["a mail that root handed over", { ...byHand, uid: "uid=0 from=<root>" }],
  ])("is not %s", (_name, mail) => {
    expect(statusOf("host1 6.07/by-person", mailAcross(mail))).toBe("not-yet");
  });

  it("is not a mail that the other host does not know", () => {
    const { host1 } = mailAcross(byHand);
    expect(statusOf("host1 6.07/by-person", { stage: "exercise", ...(host1 && { host1 }) })).toBe("not-yet");
  });

  it("is not asked for where the lab itself was brought past the step", () => {
    expect(statusOf("host1 6.07/by-person", { stage: "6.07" })).toBe("passed");
    expect(statusOf("host1 6.07/by-person", { stage: "6.06" })).toBe("not-yet");
    expect(statusOf("host1 6.12/by-person", { stage: "6.07" })).toBe("not-yet");
  });
});

const sentWithLogin = [
  ["postfix/smtpd", "CCCCCC3: client=unknown[192.168.1.1], sasl_method=PLAIN, sasl_username=user1"],
  ["postfix/cleanup", "CCCCCC3: message-id=<client@example1.test>"],
  ["postfix/qmgr", "CCCCCC3: removed"],
] as const;

function imapSession(sizeBytes: number) {
  return [
    [
      "dovecot",
      "imap-login: Login: user=<user1>, method=PLAIN, rip=192.168.1.1, lip=192.168.1.12, mpid=9, session=<abc>",
    ],
    ["dovecot", `imap(user1)<9><abc>: Disconnected: Logged out in=${sizeBytes} out=776 deleted=0`],
  ] as const;
}

function clientLog(lines: Parameters<typeof logOf>[1]): LabChange {
  return { stage: "exercise", host1: { seen: () => ({ mailLog: logOf("host1", lines) }) } };
}

describe("using a mail client", () => {
  it.each<[string, Parameters<typeof logOf>[1], string]>([
    ["reads by IMAP and sends with a login", [...imapSession(500), ...sentWithLogin], "passed"],
    [
      "reads by POP3 and sends with a login",
      [
        ["dovecot", "pop3-login: Login: user=<user1>, method=PLAIN, rip=1.1.1.1, session=<x>"],
        ...sentWithLogin,
      ],
      "passed",
    ],
    ["only reads", imapSession(500), "not-yet"],
    ["only sends", sentWithLogin, "not-yet"],
    ["reads as the check does", [...imapSession(269), ...sentWithLogin], "not-yet"],
    [
      "asks whether it may send, as the check does",
      [
        ...imapSession(500),
        ["postfix/smtpd", "CCCCCC3: client=unknown[192.168.1.1], sasl_method=PLAIN, sasl_username=user1"],
      ],
      "not-yet",
    ],
    [
      "is another user's",
      [
        ...imapSession(500),
        ["postfix/smtpd", "CCCCCC3: client=x[1.1.1.1], sasl_username=user11"],
        ["postfix/cleanup", "CCCCCC3: message-id=<a@b>"],
      ],
      "not-yet",
    ],
  ])("that %s", (_name, lines, expected) => {
    expect(statusOf("host1 6.12/by-person", clientLog(lines))).toBe(expected);
  });
});

describe("asking with dig", () => {
  const question = (address: string, flags: string) =>
    `2026-11-24T11:26:08.000Z client @0x7f 192.168.1.${address}#47653 (example1.test): query: example1.test IN MX ${flags} (192.168.1.11)`;

  it.each([
    ["by a person on this host", question("12", "+E(0)K"), "passed"],
    ["by the check or Postfix", question("12", "+"), "not-yet"],
    ["by a person on the other host", question("13", "+E(0)K"), "not-yet"],
  ])("%s", (_name, line, expected) => {
    const change = {
      ...clientLog([...imapSession(500), ...sentWithLogin]),
      questions: parseDnsQuestions(line),
    };
    expect(statusOf("host1 6.13/dig", change)).toBe(expected);
  });
});
