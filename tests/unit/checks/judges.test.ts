import { describe, expect, it } from "vitest";
import { type LabChange, lookedMs, ownFailures, resultOf, withMainCf } from "./healthy-lab.ts";
import {
  host1,
  open,
  withAccount,
  withAnswer,
  withDovecot,
  withMailbox,
  withPeerPort,
  withService,
} from "./lab-changes.ts";

describe("what is wrong is found, for its own reason", () => {
  it.each<[string, LabChange, readonly string[]]>([
    ["myhostname missing", withMainCf({ myhostname: undefined }), ["6.02/myhostname parameter-missing"]],
    [
      "myhostname of host2",
      withMainCf({ myhostname: "mail.example2.test" }),
      ["6.02/myhostname value-of-other-host"],
    ],
    ["myhostname made up", withMainCf({ myhostname: "example1.test" }), ["6.02/myhostname value-wrong"]],
    ["mydomain missing", withMainCf({ mydomain: undefined }), ["6.02/mydomain parameter-missing"]],
    ["mydomain of host2", withMainCf({ mydomain: "example2.test" }), ["6.02/mydomain value-of-other-host"]],
    [
      "inet_interfaces missing",
      withMainCf({ inet_interfaces: undefined }),
      ["6.02/inet_interfaces parameter-missing"],
    ],
    [
      "localhost left out",
      withMainCf({ inet_interfaces: "192.168.1.12" }),
      ["6.02/inet_interfaces localhost-missing"],
    ],
    [
      "localhost alone",
      withMainCf({ inet_interfaces: "localhost" }),
      ["6.02/inet_interfaces own-address-missing"],
    ],
    [
      "host2's address",
      withMainCf({ inet_interfaces: "localhost, 192.168.1.13" }),
      ["6.02/inet_interfaces value-of-other-host"],
    ],
    [
      "mydestination without the domain",
      withMainCf({ mydestination: "localhost" }),
      ["6.02/mydestination own-domain-missing"],
    ],
    [
      "host2's domain too",
      withMainCf({ mydestination: "$mydomain, example2.test" }),
      ["6.02/mydestination value-of-other-host"],
    ],
    [
      "mynetworks without the lab",
      withMainCf({ mynetworks: "127.0.0.0/8" }),
      ["6.02/mynetworks network-missing"],
    ],
    [
      "mynetworks without localhost",
      withMainCf({ mynetworks: "192.168.1.0/24" }),
      ["6.02/mynetworks localhost-missing"],
    ],
    ["mynetworks is the world", withMainCf({ mynetworks: "0.0.0.0/0" }), ["6.02/mynetworks relay-open"]],
    [
      "no SMTP authentication",
      withMainCf({ smtpd_sasl_auth_enable: "no" }),
      ["6.03/smtpd_sasl_auth_enable value-wrong"],
    ],
    ["Cyrus", withMainCf({ smtpd_sasl_type: "cyrus" }), ["6.03/smtpd_sasl_type value-wrong"]],
    [
      "another socket",
      withMainCf({ smtpd_sasl_path: "private/nobody" }),
      ["6.03/smtpd_sasl_path value-wrong"],
    ],
    [
      "restrictions missing",
      withMainCf({ smtpd_recipient_restrictions: undefined }),
      ["6.03/smtpd_recipient_restrictions parameter-missing"],
    ],
    [
      "whoever has logged in refused",
      withMainCf({ smtpd_recipient_restrictions: "permit_mynetworks, reject_unauth_destination" }),
      ["6.03/smtpd_recipient_restrictions authenticated-not-permitted"],
    ],
    [
      "relay for everybody",
      withMainCf({ smtpd_recipient_restrictions: "permit", smtpd_relay_restrictions: "permit" }),
      ["6.03/smtpd_recipient_restrictions relay-open"],
    ],
    ["a stranger is let through", { host1: { probes: { strangersRelay: open } } }, ["6.04/relay relay-open"]],
    [
      "Postfix stopped",
      withService("postfix", { activeState: "inactive", startedMs: undefined }),
      ["6.04/running service-stopped"],
    ],
    [
      "Postfix failed",
      withService("postfix", { activeState: "failed", startedMs: undefined }),
      ["6.04/running service-failed"],
    ],
    [
      "Postfix disabled",
      withService("postfix", { unitFileState: "disabled" }),
      ["6.04/enabled service-disabled"],
    ],
    ["Postfix masked", withService("postfix", { unitFileState: "masked" }), ["6.04/enabled service-masked"]],
    [
      "main.cf changed since",
      withService("postfix", { newestFile: { path: "/etc/postfix/main.cf", changedMs: lookedMs } }),
      ["6.04/restarted not-restarted"],
    ],
    [
      "not listening on its address",
      host1(({ listeners }) => ({
        listeners: listeners.filter(({ address }) => address !== "192.168.1.12"),
      })),
      ["6.04/listening not-listening"],
    ],
    ["no account", withAccount({ uid: undefined }), ["6.05/account account-missing"]],
    ["locked", withAccount({ passwordState: "locked" }), ["6.05/account account-locked"]],
    ["expired", withAccount({ isExpired: true }), ["6.05/account account-expired"]],
    ["no shell", withAccount({ shell: "/usr/sbin/nologin" }), ["6.05/account account-shell"]],
    ["no home", withAccount({ hasHome: false }), ["6.05/account home-missing"]],
    ["another password", withAccount({ isLabPassword: false }), ["6.05/account password-not-the-labs"]],
    [
      "aliases changed since",
      host1(({ aliases }) => ({ aliases: { ...aliases, textChangedMs: lookedMs } })),
      ["6.05/aliases alias-database-old"],
    ],
    [
      "no alias database",
      host1(({ aliases }) => ({ aliases: { ...aliases, databaseChangedMs: undefined } })),
      ["6.05/aliases alias-database-missing"],
    ],
    [
      "a line that is no alias",
      host1(({ aliases }) => ({ aliases: { ...aliases, text: "postmaster: root\nthis is nothing\n" } })),
      ["6.05/aliases alias-file-broken"],
    ],
    [
      "an alias takes the user's mail",
      host1(({ aliases }) => ({ aliases: { ...aliases, text: "user1: root\n" } })),
      ["6.05/aliases alias-takes-mail"],
    ],
    [
      "mailutils missing",
      host1(({ packages }) => ({
        packages: { ...packages, mailutils: "not-installed" },
        mailProgram: undefined,
      })),
      ["6.06/mailutils package-missing"],
    ],
    ["root owns the mailbox", withMailbox({ owner: "root" }), ["6.07/mailbox mailbox-owner"]],
    ["everybody reads the mailbox", withMailbox({ mode: "0644" }), ["6.07/mailbox mailbox-mode"]],
    ["a folder for a mailbox", withMailbox({ kind: "other" }), ["6.07/mailbox mailbox-no-file"]],
    [
      "a mail put off",
      host1(() => ({
        queue: [
          {
            queueId: "ABC",
            queue: "deferred",
            arrivedMs: lookedMs,
            sender: "",
            recipients: [{ address: "a@b.test", reason: "refused" }],
          },
        ],
      })),
      ["6.07/queue queue-stuck"],
    ],
    [
      "a maildir",
      withDovecot({ mail_location: "maildir:~/Maildir" }),
      ["6.08/mail_location mailbox-elsewhere"],
    ],
    [
      "no privileged group",
      withDovecot({ mail_privileged_group: undefined }),
      ["6.08/mail_privileged_group parameter-missing"],
    ],
    [
      "no access group",
      withDovecot({ mail_access_groups: undefined }),
      ["6.08/mail_access_groups parameter-missing"],
    ],
    [
      "plain text refused",
      withDovecot({ disable_plaintext_auth: "yes" }),
      ["6.09/disable_plaintext_auth plaintext-refused"],
    ],
    ["ssl as installed", withDovecot({ ssl: "yes" }), ["6.10/ssl value-default"]],
    ["ssl required", withDovecot({ ssl: "required" }), ["6.10/ssl ssl-required"]],
    [
      "Dovecot stopped",
      withService("dovecot", { activeState: "inactive", startedMs: undefined }),
      ["6.11/running service-stopped"],
    ],
    [
      "IMAP refuses the password",
      { host1: { probes: { imap: { user1: { outcome: "login-refused", words: "NO" } } } } },
      ["6.12/imap login-refused"],
    ],
    [
      "no AUTH offered",
      { host1: { probes: { smtpAuth: { user1: { outcome: "login-not-offered", words: "250" } } } } },
      ["6.12/smtp-auth login-not-offered"],
    ],
    [
      "another DNS server",
      host1(() => ({ resolvConf: "nameserver 192.168.1.99\n", names: {} })),
      ["foundation/resolver resolver-wrong"],
    ],
    ["no DNS server", host1(() => ({ resolvConf: "" })), ["foundation/resolver resolver-wrong"]],
    [
      "a strange time zone",
      host1(() => ({ timeZone: { file: "America/New_York", offset: "-0500" } })),
      ["foundation/clock time-zone-wrong"],
    ],
    [
      "a full disk",
      host1(({ disks }) => ({ disks: disks.map((one) => ({ ...one, freeBytes: 1_000_000 })) })),
      ["foundation/disk disk-full"],
    ],
    ["port 25 silent", withPeerPort("silent"), ["foundation/port-25 port-blocked"]],
    ["port 25 refused though host2 listens", withPeerPort("refused"), ["foundation/port-25 port-blocked"]],
    ["no MX", withAnswer("MX example1.test", "NOERROR", []), ["foundation/zone mx-missing"]],
    [
      "a wrong MX",
      withAnswer("MX example1.test", "NOERROR", ["10 mail.example2.test"]),
      ["foundation/zone mx-wrong"],
    ],
    [
      "a wrong address",
      withAnswer("A mail.example1.test", "NOERROR", ["192.168.1.13"]),
      ["foundation/zone address-record-wrong"],
    ],
    [
      "no address",
      withAnswer("A mail.example1.test", "NXDOMAIN", []),
      ["foundation/zone address-record-missing"],
    ],
    [
      "a zone that does not load",
      withAnswer("MX example1.test", "SERVFAIL", []),
      ["foundation/zone zone-not-loaded"],
    ],
    [
      "a zone's error while the old one is served",
      { dnsLog: [{ atMs: 1, text: "zone example1.test/IN: not loaded due to errors." }] },
      ["foundation/zone zone-error"],
    ],
  ])("%s", (_name, change, expected) => {
    expect(ownFailures(change)).toEqual(expected.map((failure) => `host1 ${failure}`));
  });

  it("says in both languages what was found, what is wanted and what to do, and where it stands", () => {
    const result = resultOf("6.02/mynetworks", withMainCf({ mynetworks: "127.0.0.0/8" }));
    expect(result.where).toMatch(/^\/etc\/postfix\/main\.cf:\d+$/);
    expect(result.observed?.en).toBe("mynetworks = 127.0.0.0/8");
    expect(result.expected?.en).toBe("mynetworks = 192.168.1.0/24 127.0.0.0/8");
    expect(result.hint?.ja).toContain("192.168.1.0/24");
  });

  it("finds a misspelt parameter, and where it stands", () => {
    const change = host1(({ postfix }) => {
      if (postfix === undefined) throw new Error("a finished host has Postfix");
      const { mynetworks, ...set } = postfix.set;
      return {
        postfix: {
          ...postfix,
          set,
          complaints: [
            `/usr/sbin/postconf: warning: /etc/postfix/main.cf: unused parameter: mynetworkss=${mynetworks ?? ""}`,
          ],
          lines: [{ file: "/etc/postfix/main.cf", line: 43, name: "mynetworkss", value: mynetworks ?? "" }],
        },
      };
    });
    expect(ownFailures(change)).toEqual(["host1 6.02/mynetworks parameter-misspelt"]);
    expect(resultOf("6.04/syntax", change).blockedBy).toBe("host1 6.02/mynetworks");
    expect(resultOf("6.02/mynetworks", change).where).toBe("/etc/postfix/main.cf:43");
  });
});
