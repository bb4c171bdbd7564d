import {
  dovecotFile,
  found,
  mainCf,
  onHost,
  type HostName,
  type Sabotage,
  withoutDovecot,
} from "../sabotage.ts";

/** The parameters of the section on SMTP authentication: on which host each row breaks it. */
const parameters: readonly (readonly [name: string, missing: HostName, misspelt: HostName])[] = [
  ["smtpd_sasl_type", "host2", "host1"],
  ["smtpd_sasl_path", "host1", "host2"],
  ["smtpd_sasl_auth_enable", "host2", "host1"],
  ["smtpd_recipient_restrictions", "host1", "host2"],
];

const parameterRows = parameters.flatMap(([name, missing, misspelt]): readonly Sabotage[] => {
  const wrongName = name.replace("smtpd", "smtp");
  return [
    found(
      mainCf(`${name.replaceAll("_", "-")}-missing`, {
        on: missing,
        title: { en: `main.cf: no ${name}`, ja: `main.cf: ${name}がない` },
        does: `postconf -X ${name}`,
      }),
      missing,
      [`6.03/${name}`, "parameter-missing"],
    ),
    found(
      mainCf(`${name.replaceAll("_", "-")}-misspelt`, {
        on: misspelt,
        title: {
          en: `main.cf: ${name} misspelt as ${wrongName}s`,
          ja: `main.cf: ${name}を${wrongName}sと誤記`,
        },
        does: `sed -i 's/^${name} *=/${wrongName}s =/' /etc/postfix/main.cf`,
      }),
      misspelt,
      [`6.03/${name}`, "parameter-misspelt"],
    ),
  ];
});

const socketBlock = "/unix_listener \\/var\\/spool\\/postfix\\/private\\/auth {/,/}/";

/** Who may send on, and how Postfix asks for passwords. */
export const relayRows: readonly Sabotage[] = [
  ...parameterRows,
  found(
    mainCf("sasl-path-elsewhere", {
      on: "host1",
      title: {
        en: "main.cf: smtpd_sasl_path where Dovecot does not listen",
        ja: "main.cf: smtpd_sasl_pathがDovecotの待ち受けていない場所",
      },
      does: "postconf -e smtpd_sasl_path=private/dovecot-auth",
    }),
    "host1",
    ["6.03/smtpd_sasl_path", "value-wrong"],
  ),
  found(
    mainCf("sasl-disabled", {
      on: "host2",
      title: { en: "main.cf: smtpd_sasl_auth_enable = no", ja: "main.cf: smtpd_sasl_auth_enable = no" },
      does: "postconf -e smtpd_sasl_auth_enable=no",
    }),
    "host2",
    ["6.03/smtpd_sasl_auth_enable", "value-wrong"],
  ),
  found(
    mainCf("authenticated-left-out", {
      on: "host1",
      title: {
        en: "main.cf: smtpd_recipient_restrictions without permit_sasl_authenticated",
        ja: "main.cf: smtpd_recipient_restrictionsにpermit_sasl_authenticatedがない",
      },
      does: "postconf -e 'smtpd_recipient_restrictions=permit_mynetworks, reject_unauth_destination'",
    }),
    "host1",
    ["6.03/smtpd_recipient_restrictions", "authenticated-not-permitted"],
  ),
  found(
    mainCf("relay-open", {
      on: "host2",
      title: {
        en: "main.cf: both lists of restrictions are permit alone",
        ja: "main.cf: 制限が2つともpermitだけ",
      },
      does: "postconf -e smtpd_recipient_restrictions=permit smtpd_relay_restrictions=permit",
    }),
    "host2",
    ["6.03/smtpd_recipient_restrictions", "relay-open"],
  ),
  found(
    mainCf("everybody-refused", {
      on: "host1",
      title: {
        en: "main.cf: smtpd_recipient_restrictions refuses everybody",
        ja: "main.cf: smtpd_recipient_restrictionsがすべてを拒否",
      },
      does: "postconf -e smtpd_recipient_restrictions=reject",
    }),
    "host1",
    ["6.03/smtpd_recipient_restrictions", "authenticated-not-permitted"],
  ),
  withoutDovecot(
    found(
      dovecotFile("socket-block-missing", "10-master.conf", {
        on: "host2",
        title: {
          en: "10-master.conf: no socket for Postfix",
          ja: "10-master.conf: Postfix用のソケットがない",
        },
        does: (path) => `sed -i '${socketBlock}s/^/#/' ${path}`,
      }),
      "host2",
      ["6.03/auth-socket", "socket-missing"],
    ),
  ),
  withoutDovecot(
    found(
      dovecotFile("socket-forbidden", "10-master.conf", {
        on: "host1",
        title: {
          en: "10-master.conf: a socket that Postfix may not use",
          ja: "10-master.conf: Postfixが使えないソケット",
        },
        does: (path) => `sed -i '${socketBlock}{s/mode = .*/mode = 0600/;s/user = .*/user = root/}' ${path}`,
      }),
      "host1",
      ["6.03/auth-socket", "socket-forbidden"],
    ),
  ),
  found(
    mainCf("login-over-tls-only", {
      on: "host2",
      title: {
        en: "main.cf: logins over TLS alone (smtpd_tls_auth_only = yes)",
        ja: "main.cf: TLSでしか認証できない（smtpd_tls_auth_only = yes）",
      },
      does: "postconf -e smtpd_tls_auth_only=yes",
    }),
    "host2",
    ["6.12/smtp-auth", "login-not-offered"],
  ),
  found(
    onHost("relay-open-by-master-cf", {
      on: "host1",
      title: {
        en: "master.cf: its own restrictions let everybody send on",
        ja: "master.cf: 個別の制限により、だれでも中継できる",
      },
      keeps: ["/etc/postfix/master.cf"],
      does: `open='check_client_access static:OK, reject_unauth_destination'
for kind in relay recipient; do
  sed -i "s/^smtp *inet.*/&\\n  -o { smtpd_\${kind}_restrictions = $open }/" /etc/postfix/master.cf
done
restart postfix`,
      mends: "restart postfix",
    }),
    "host1",
    ["6.04/relay", "relay-open"],
  ),
];
