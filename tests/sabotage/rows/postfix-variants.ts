import { mainCf, variant, type Variant } from "../sabotage.ts";

const mainCfFile = "/etc/postfix/main.cf";
const chapterParameters =
  "myhostname mydomain inet_interfaces mydestination mynetworks smtpd_sasl_type smtpd_sasl_path smtpd_sasl_auth_enable smtpd_recipient_restrictions";

/** Right answers in main.cf that are not the book's. */
export const postfixVariants: readonly Variant[] = [
  variant(
    mainCf("all-interfaces", {
      on: "host1",
      title: { en: "inet_interfaces = all", ja: "inet_interfaces = all" },
      does: "postconf -e inet_interfaces=all",
    }),
    "host1",
    "6.02/inet_interfaces",
  ),
  variant(
    mainCf("loopback-by-address", {
      on: "host2",
      title: {
        en: "inet_interfaces = 192.168.1.13, 127.0.0.1",
        ja: "inet_interfaces = 192.168.1.13, 127.0.0.1",
      },
      does: "postconf -e 'inet_interfaces=192.168.1.13, 127.0.0.1'",
    }),
    "host2",
    "6.02/inet_interfaces",
  ),
  variant(
    mainCf("domain-written-out", {
      on: "host1",
      title: {
        en: "mydestination = example1.test (no $mydomain)",
        ja: "mydestination = example1.test（$mydomainを使わない）",
      },
      does: "postconf -e mydestination=example1.test",
    }),
    "host1",
  ),
  variant(
    mainCf("more-destinations", {
      on: "host2",
      title: {
        en: "mydestination = $myhostname, localhost, $mydomain",
        ja: "mydestination = $myhostname, localhost, $mydomain",
      },
      does: "postconf -e 'mydestination=$myhostname, localhost, $mydomain'",
    }),
    "host2",
    "6.02/mydestination",
  ),
  variant(
    mainCf("hostname-from-domain", {
      on: "host1",
      title: { en: "myhostname = mail.$mydomain", ja: "myhostname = mail.$mydomain" },
      does: "postconf -e 'myhostname=mail.$mydomain'",
    }),
    "host1",
  ),
  variant(
    mainCf("networks-in-other-order", {
      on: "host2",
      title: {
        en: "mynetworks = 127.0.0.0/8, 192.168.1.0/24 (other order, comma)",
        ja: "mynetworks = 127.0.0.0/8, 192.168.1.0/24（順序が逆でコンマ区切り）",
      },
      does: "postconf -e 'mynetworks=127.0.0.0/8, 192.168.1.0/24'",
    }),
    "host2",
  ),
  variant(
    mainCf("networks-with-ipv6", {
      on: "host1",
      title: {
        en: "mynetworks = 192.168.1.0/24 127.0.0.0/8 [::1]/128",
        ja: "mynetworks = 192.168.1.0/24 127.0.0.0/8 [::1]/128",
      },
      does: "postconf -e 'mynetworks=192.168.1.0/24 127.0.0.0/8 [::1]/128'",
    }),
    "host1",
    "6.02/mynetworks",
  ),
  variant(
    mainCf("comments-and-blank-lines", {
      on: "host2",
      title: { en: "main.cf with comments and blank lines between", ja: "main.cfにコメントや空行がある" },
      does: `sed -i 's/^[a-z].*=/# the next one was hard\\n\\n&/' ${mainCfFile}`,
    }),
    "host2",
  ),
  variant(
    mainCf("odd-white-space", {
      on: "host1",
      title: {
        en: "main.cf with odd white space and values over several lines",
        ja: "main.cfの空白が不揃いで、値が数行にわたる",
      },
      does: `sed -i -e 's/^\\([a-z_]*\\) = /\\1    =\\t/' -e 's/^\\(mynetworks.*\\t\\)\\([^ ]*\\) /\\1\\2\\n    /' -e 's/^\\(inet_interfaces.*\\t\\)/\\1\\n  /' ${mainCfFile}`,
    }),
    "host1",
  ),
  variant(
    mainCf("at-the-end", {
      on: "host2",
      title: {
        en: "main.cf: the chapter's parameters at the end of the file, in another order",
        ja: "main.cf: 本章のパラメータをファイルの最後に別の順で書いた",
      },
      does: `for name in ${chapterParameters}; do
  line=$(postconf -n "$name")
  postconf -X "$name"
  printf '%s\\n' "$line" >/root/line
  cat /root/line /root/lines >/root/more 2>/dev/null || cp /root/line /root/more
  mv /root/more /root/lines
done
cat /root/lines >>${mainCfFile}
rm /root/line /root/lines`,
    }),
    "host2",
  ),
  variant(
    mainCf("set-twice", {
      on: "host1",
      title: {
        en: "main.cf sets mydestination twice; the last line counts and is right",
        ja: "main.cfにmydestinationが2回あり、有効な後の行が正しい",
      },
      does: `sed -i '1i mydestination = localhost' ${mainCfFile}`,
    }),
    "host1",
    "6.04/syntax",
  ),
  variant(
    mainCf("more-restrictions", {
      on: "host2",
      title: {
        en: "smtpd_recipient_restrictions with more checks (reject_unknown_recipient_domain, …)",
        ja: "smtpd_recipient_restrictionsに条件を加えた（reject_unknown_recipient_domainなど）",
      },
      does: `postconf -e 'smtpd_recipient_restrictions=permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination, reject_unknown_recipient_domain, reject_non_fqdn_recipient'`,
    }),
    "host2",
    "6.03/smtpd_recipient_restrictions",
  ),
  variant(
    mainCf("authenticated-first", {
      on: "host1",
      title: {
        en: "smtpd_recipient_restrictions in another order",
        ja: "smtpd_recipient_restrictionsの順序が違う",
      },
      does: `postconf -e 'smtpd_recipient_restrictions=permit_sasl_authenticated permit_mynetworks reject_unauth_destination'`,
    }),
    "host1",
    "6.03/smtpd_recipient_restrictions",
  ),
  variant(
    mainCf("own-banner", {
      on: "host2",
      title: { en: "smtpd_banner without the program's name", ja: "smtpd_bannerからプログラム名を除いた" },
      does: "postconf -e 'smtpd_banner=$myhostname ESMTP'",
    }),
    "host2",
  ),
];
