import { describe, expect, it } from "vitest";
import { type LabChange, lookedMs, notedChecks, ownFailures, withMainCf } from "./healthy-lab.ts";
import { host1, serverPackages, withDovecot, withService } from "./lab-changes.ts";

describe("other right answers pass, and the difference is named", () => {
  it.each<[string, LabChange, readonly string[]]>([
    ["inet_interfaces = all", withMainCf({ inet_interfaces: "all" }), ["6.02/inet_interfaces"]],
    [
      "127.0.0.1 for localhost",
      withMainCf({ inet_interfaces: "127.0.0.1, 192.168.1.12" }),
      ["6.02/inet_interfaces"],
    ],
    ["the domain's own value", withMainCf({ mydestination: "example1.test" }), []],
    ["more destinations", withMainCf({ mydestination: "$mydomain, localhost" }), ["6.02/mydestination"]],
    ["networks by commas", withMainCf({ mynetworks: "192.168.1.0/24, 127.0.0.0/8" }), []],
    ["networks the other way round", withMainCf({ mynetworks: "127.0.0.0/8 192.168.1.0/24" }), []],
    ["a wider network", withMainCf({ mynetworks: "192.168.0.0/16 127.0.0.0/8" }), ["6.02/mynetworks"]],
    ["capital letters", withMainCf({ myhostname: "MAIL.example1.test" }), []],
    [
      "the whole path of the socket",
      withMainCf({ smtpd_sasl_path: "/var/spool/postfix/private/auth" }),
      ["6.03/smtpd_sasl_path"],
    ],
    [
      "restrictions in another order",
      withMainCf({
        smtpd_recipient_restrictions: "permit_sasl_authenticated permit_mynetworks reject_unauth_destination",
      }),
      ["6.03/smtpd_recipient_restrictions"],
    ],
    [
      "the same mailbox by its other name",
      withDovecot({ mail_location: "mbox:~/mail:INBOX=/var/spool/mail/%n" }),
      ["6.08/mail_location"],
    ],
    ["one more group", withDovecot({ mail_access_groups: "mail,adm" }), ["6.08/mail_access_groups"]],
    [
      "another mail program",
      host1(() => ({ packages: serverPackages, mailProgram: "/usr/bin/s-nail" })),
      ["6.06/mailutils"],
    ],
    [
      "Japan's time",
      host1(() => ({ timeZone: { file: "Asia/Tokyo", offset: "+0900" } })),
      ["foundation/clock"],
    ],
    [
      "a second DNS server",
      host1(() => ({ resolvConf: "nameserver 192.168.1.11\nnameserver 192.168.1.1\n" })),
      ["foundation/resolver"],
    ],
    ["Postfix started by hand", withService("postfix", { activeState: "inactive" }), ["6.04/running"]],
    ["myorigin in main.cf", withMainCf({ myorigin: "$mydomain" }), ["6.01/mailname"]],
  ])("%s", (_name, change, expected) => {
    expect(ownFailures(change)).toEqual([]);
    expect(notedChecks(change)).toEqual(expected.map((id) => `host1 ${id}`));
  });

  it("takes a reload of Postfix for a restart, where the addresses have not changed", () => {
    const change = host1(({ services, mailLog }) => ({
      services: {
        ...services,
        postfix: {
          ...services.postfix,
          newestFile: { path: "/etc/postfix/main.cf", changedMs: lookedMs - 2000 },
        },
      },
      mailLog: [
        ...(mailLog ?? []),
        {
          host: "host1",
          atMs: lookedMs - 1000,
          program: "postfix/master",
          message: "reload -- version 3.7.11, configuration /etc/postfix",
          text: "",
        },
      ],
    }));
    expect(ownFailures(change)).toEqual([]);
  });
});
