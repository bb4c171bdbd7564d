import type { CheckId } from "../../../src/checks/check.ts";
import type { Text } from "../../../src/model/text.ts";
import { found, onHost, type HostName, type IdAndCause, type Sabotage, withoutDovecot } from "../sabotage.ts";

interface Service {
  readonly service: "postfix" | "dovecot";
  readonly name: string;
  readonly running: CheckId;
  readonly enabled: CheckId;
  /** Where each row is done: stopped, disabled, masked. */
  readonly on: readonly [HostName, HostName, HostName];
}

function statesOf({ service, name, running, enabled, on }: Service): readonly Sabotage[] {
  const row = (state: string, host: HostName, words: Text, does: string, mends: string, finds: IdAndCause) =>
    found(
      onHost(`${service}-${state}`, {
        on: host,
        title: { en: `${name} ${words.en}`, ja: `${name}が${words.ja}` },
        does,
        mends,
      }),
      host,
      finds,
    );
  return [
    row(
      "stopped",
      on[0],
      { en: "stopped", ja: "停止している" },
      `systemctl stop ${service}`,
      service === "dovecot" ? "systemctl start dovecot\nrestart postfix" : "systemctl start postfix",
      [running, "service-stopped"],
    ),
    row(
      "disabled",
      on[1],
      { en: "does not start at boot", ja: "自動起動しない" },
      `systemctl disable ${service}`,
      `systemctl enable ${service}`,
      [enabled, "service-disabled"],
    ),
    row(
      "masked",
      on[2],
      { en: "masked, and still running", ja: "マスクされている（動作は続いている）" },
      `systemctl mask ${service}`,
      `systemctl unmask ${service}`,
      [enabled, "service-masked"],
    ),
  ];
}

const masterCf = "/etc/postfix/master.cf";

/** The services, and what keeps them from running. */
export const serviceRows: readonly Sabotage[] = [
  ...statesOf({
    ...{ service: "postfix", name: "Postfix", running: "6.04/running", enabled: "6.04/enabled" },
    on: ["host1", "host2", "host1"],
  }),
  ...statesOf({
    ...{ service: "dovecot", name: "Dovecot", running: "6.11/running", enabled: "6.11/enabled" },
    on: ["host2", "host1", "host2"],
  }),
  found(
    onHost("smtp-line-commented-out", {
      on: "host1",
      title: { en: "master.cf: the smtp line is a comment", ja: "master.cf: smtpの行がコメント" },
      keeps: [masterCf],
      does: `sed -i 's/^smtp *inet/#&/' ${masterCf}\nrestart postfix`,
      mends: "restart postfix",
    }),
    "host1",
    ["6.04/listening", "not-listening"],
  ),
  found(
    onHost("smtp-client-commented-out", {
      on: "host2",
      title: {
        en: "master.cf: the smtp client's line is a comment",
        ja: "master.cf: smtpクライアントの行がコメント",
      },
      keeps: [masterCf],
      does: `sed -i 's/^smtp *unix/#&/' ${masterCf}\nrestart postfix`,
      mends: "restart postfix",
    }),
    "host2",
    ["6.07/delivery", "mail-deferred"],
  ),
  withoutDovecot(
    found(
      onHost("dovecot-fails", {
        on: "host2",
        title: {
          en: "local.conf: Dovecot is to listen on an address that the host does not have, and does not start",
          ja: "local.conf: ホストにないアドレスで待ち受ける設定で、Dovecotが起動しない",
        },
        keeps: ["/etc/dovecot/local.conf"],
        does: "echo 'listen = 192.168.1.99' >/etc/dovecot/local.conf\nrestart dovecot || :",
        mends: "restart dovecot",
      }),
      "host2",
      ["6.11/running", "service-failed"],
    ),
  ),
  found(
    onHost("rsyslog-stopped", {
      on: "host1",
      title: { en: "rsyslog is stopped, and its socket", ja: "rsyslogとそのソケットが停止している" },
      does: "systemctl stop syslog.socket rsyslog.service",
      mends: "systemctl start syslog.socket rsyslog.service",
    }),
    "host1",
    ["6.13/log", "service-stopped"],
  ),
  found(
    onHost("log-removed", {
      on: "host2",
      title: { en: "/var/log/mail.log was removed", ja: "/var/log/mail.logが削除されている" },
      keeps: ["/var/log/mail.log"],
      does: "rm /var/log/mail.log",
      mends: "systemctl restart rsyslog.service",
    }),
    "host2",
    ["6.13/log", "log-missing"],
  ),
  found(
    onHost("log-replaced", {
      on: "host1",
      title: {
        en: "/var/log/mail.log is a copy, and rsyslog writes to the old file",
        ja: "/var/log/mail.logがコピーに置き換わり、rsyslogは古いファイルに書いている",
      },
      keeps: ["/var/log/mail.log"],
      does: "cp -a /var/log/mail.log /var/log/mail.new\nmv /var/log/mail.new /var/log/mail.log",
      mends: "systemctl restart rsyslog.service",
    }),
    "host1",
    ["6.13/log", "log-missing"],
  ),
  found(
    onHost("queue-held", {
      on: "host1",
      title: { en: "A mail is held in the queue", ja: "メールがキューで保留されている" },
      keeps: ["/etc/postfix/main.cf"],
      does: `postconf -e defer_transports=smtp
postfix reload
printf 'Subject: held\\n\\nheld\\n' | runuser -u user1 -- sendmail user2@example2.test
wait_until 'postqueue -j | grep -q "\\"queue_name\\": \\"deferred\\""'
postsuper -h ALL deferred
postconf -X defer_transports
restart postfix`,
      mends: "postsuper -d ALL hold\nrestart postfix",
    }),
    "host1",
    ["6.07/queue", "queue-stuck"],
  ),
  found(
    onHost("transport-deferred", {
      on: "host2",
      title: {
        en: "main.cf: all outgoing mail is put off (defer_transports)",
        ja: "main.cf: 外へのメールがすべて後回し（defer_transports）",
      },
      keeps: ["/etc/postfix/main.cf"],
      does: "postconf -e defer_transports=smtp\nrestart postfix",
      mends: "restart postfix",
    }),
    "host2",
    ["6.07/delivery", "mail-deferred"],
  ),
  found(
    onHost("relayhost-nowhere", {
      on: "host1",
      title: {
        en: "main.cf: relayhost is a host that does not exist",
        ja: "main.cf: relayhostが存在しないホスト",
      },
      keeps: ["/etc/postfix/main.cf"],
      does: "postconf -e 'relayhost=[nowhere.example9.test]'\nrestart postfix",
      mends: "restart postfix",
    }),
    "host1",
    ["6.07/delivery", "mail-deferred"],
  ),
  found(
    onHost("recipient-refused", {
      on: "host2",
      title: {
        en: "main.cf: local mail goes to an error (local_transport)",
        ja: "main.cf: 自分宛のメールがすべてエラーになる（local_transport）",
      },
      keeps: ["/etc/postfix/main.cf"],
      does: "postconf -e 'local_transport=error:not here' 'local_recipient_maps='\nrestart postfix",
      mends: "restart postfix",
    }),
    "host1",
    ["6.07/delivery", "mail-bounced"],
  ),
];
