import type { Text } from "../../../src/model/text.ts";
import {
  findingsOn,
  found,
  onHost,
  type Deed,
  type HostName,
  type IdAndCause,
  type Sabotage,
} from "../sabotage.ts";

const folder = "/etc/bind/lab";
const settings = `${folder}/named.conf.lab`;

/** named answers rndc before it has loaded the zones. */
const untilLoaded = `wait_until '! rndc status | grep -q "reload/reconfig in progress"'`;

/** named reads a zone again only where the file is younger than what it has. */
const readAgain = (zone: string): string => `touch ${folder}/db.${zone}\nrndc reload`;

/** A zone's file changed on the DNS server, and read by it. */
function zone(id: string, on: HostName, title: Text, edit: string, finds: IdAndCause): Sabotage {
  const domain = on === "host1" ? "example1.test" : "example2.test";
  const file = `${folder}/db.${domain}`;
  const deed = (lines: string): Deed => ({ as: "engine", on: "dns", lines });
  return {
    id,
    title: { en: `Zone ${domain}: ${title.en}`, ja: `ゾーン${domain}: ${title.ja}` },
    keeps: { dns: [file] },
    deeds: [deed(`sed -i '${edit}' ${file}\n${readAgain(domain)} || :\n${untilLoaded}`)],
    mends: [deed(`${readAgain(domain)}\n${untilLoaded}`)],
    finds: findingsOn(on, finds),
  };
}

/** named's own configuration changed, and read by it. */
function server(id: string, on: HostName, title: Text, does: string, finds: IdAndCause): Sabotage {
  return {
    id,
    title,
    keeps: { dns: [settings] },
    deeds: [{ as: "engine", on: "dns", lines: `${does}\nrndc reconfig || :\n${untilLoaded}` }],
    mends: [{ as: "engine", on: "dns", lines: `rndc reconfig\n${untilLoaded}` }],
    finds: findingsOn(on, finds),
  };
}

/** What the DNS server says, and what the hosts ask. */
export const nameRows: readonly Sabotage[] = [
  zone("mx-missing", "host1", { en: "no MX record", ja: "MXレコードがない" }, "/MX/d", [
    "foundation/zone",
    "mx-missing",
  ]),
  zone(
    "mx-wrong",
    "host2",
    { en: "the MX record names the other host", ja: "MXレコードがもう一方のホストを指す" },
    "s/MX.*/MX\\t10 mail.example1.test./",
    ["foundation/zone", "mx-wrong"],
  ),
  zone(
    "mx-without-dot",
    "host1",
    { en: "the MX record's name lacks its last dot", ja: "MXレコードの名前の末尾にドットがない" },
    "s/\\(MX.*\\)\\./\\1/",
    ["foundation/zone", "mx-wrong"],
  ),
  zone("address-missing", "host2", { en: "no A record of mail", ja: "mailのAレコードがない" }, "/^mail/d", [
    "foundation/zone",
    "address-record-missing",
  ]),
  zone(
    "address-wrong",
    "host1",
    { en: "the A record of mail has a wrong address", ja: "mailのAレコードのアドレスが違う" },
    "s/^\\(mail.*A\\t\\).*/\\1192.168.1.99/",
    ["foundation/zone", "address-record-wrong"],
  ),
  zone(
    "zone-syntax",
    "host2",
    { en: "a syntax error; the old zone is still served", ja: "書式の誤り（古いゾーンで応答し続ける）" },
    "s/\\tMX\\t10/\\tMX/",
    ["foundation/zone", "zone-error"],
  ),
  zone(
    "zone-serial",
    "host1",
    {
      en: "the serial number has a letter in it; the old zone is still served",
      ja: "シリアル番号に文字（古いゾーンで応答し続ける）",
    },
    "s/1\\t; serial/1a\\t; serial/",
    ["foundation/zone", "zone-error"],
  ),
  server(
    "zone-not-loaded",
    "host2",
    {
      en: "Zone example2.test: its file is not found, and it is not served",
      ja: "ゾーンexample2.test: ファイルが見つからず、応答できない",
    },
    `sed -i 's/db.example2.test/db.example2/' ${settings}`,
    ["foundation/zone", "zone-not-loaded"],
  ),
  server(
    "zone-left-out",
    "host1",
    { en: "Zone example1.test: left out of named.conf", ja: "ゾーンexample1.test: named.confにない" },
    `sed -i '/^zone "example1.test"/,/^};/d' ${settings}`,
    ["foundation/zone", "zone-not-loaded"],
  ),
  {
    id: "dns-stopped",
    title: { en: "The DNS server's container is stopped", ja: "DNSサーバーのコンテナが停止している" },
    keeps: {},
    deeds: [{ as: "container", on: "dns", lines: "stop" }],
    mends: [
      { as: "container", on: "dns", lines: "start" },
      { as: "engine", on: "dns", lines: "wait_until 'rndc status >/dev/null 2>&1'" },
    ],
    finds: [
      ...findingsOn("host1", ["foundation/zone", "dns-no-answer"]),
      ...findingsOn("host2", ["foundation/zone", "dns-no-answer"]),
    ],
  },
  found(
    onHost("resolver-nobody", {
      on: "host1",
      title: { en: "resolv.conf: a server that does not exist", ja: "resolv.conf: 存在しないサーバー" },
      keeps: ["/etc/resolv.conf"],
      does: "echo 'nameserver 192.168.1.99' >/etc/resolv.conf",
    }),
    "host1",
    ["foundation/resolver", "resolver-wrong"],
  ),
  found(
    onHost("resolver-none", {
      on: "host2",
      title: { en: "resolv.conf: no server", ja: "resolv.conf: サーバーの指定がない" },
      keeps: ["/etc/resolv.conf"],
      does: "echo '# empty' >/etc/resolv.conf",
    }),
    "host2",
    ["foundation/resolver", "resolver-wrong"],
  ),
  {
    id: "port-25-blocked",
    title: {
      en: "A packet filter drops what comes to host1's port 25",
      ja: "パケットフィルターがhost1の25番ポート宛を破棄する",
    },
    keeps: {},
    deeds: [
      {
        as: "network",
        on: "host1",
        lines: `nft add table inet sabotage
nft 'add chain inet sabotage input { type filter hook input priority -5; }'
nft add rule inet sabotage input iif != lo tcp dport 25 drop`,
      },
    ],
    mends: [{ as: "network", on: "host1", lines: "nft delete table inet sabotage" }],
    finds: findingsOn("host2", ["foundation/port-25", "port-blocked"]),
  },
  found(
    onHost("time-zone", {
      on: "host2",
      title: { en: "The time zone is not the book's", ja: "タイムゾーンが教科書と違う" },
      keeps: ["/etc/localtime", "/etc/timezone"],
      does: "ln -sf /usr/share/zoneinfo/America/New_York /etc/localtime\necho America/New_York >/etc/timezone",
    }),
    "host2",
    ["foundation/clock", "time-zone-wrong"],
  ),
];
