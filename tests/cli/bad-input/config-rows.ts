import type { BadConfig } from "./bad-input.ts";
import { wrongFields } from "./field-rows.ts";
import { other, ports, withHost, wrong } from "./wrong-config.ts";

/** Fields that are right each by itself, and not together. */
const wrongTogether: readonly BadConfig[] = [
  wrong(
    "a subnet too small for the DNS server",
    { subnet: "192.168.1.8/29" },
    ["subnet: 192.168.1.8/29 must be from /8 to /28"],
    ["subnet: 192.168.1.8/29 は/8から/28まで"],
  ),
  wrong(
    "a subnet that is most of the Internet",
    { subnet: "0.0.0.0/1" },
    ["subnet: 0.0.0.0/1 must be from /8 to /28"],
    ["subnet: 0.0.0.0/1 は/8から/28まで"],
  ),
  wrong(
    "a subnet of other people's machines",
    { subnet: "8.8.8.0/24" },
    ["subnet: 8.8.8.0/24 is public; it must lie in 10.0.0.0/8"],
    ["subnet: 8.8.8.0/24 はプライベートアドレスではありません"],
  ),
  wrong(
    "a carrier network that is the subnet",
    { addressing: "inside", carrierSubnet: "192.168.1.0/24" },
    ["carrierSubnet: 192.168.1.0/24 must not overlap the subnet 192.168.1.0/24"],
    ["carrierSubnet: 192.168.1.0/24 がsubnet 192.168.1.0/24 と重なっています"],
  ),
  wrong(
    "a carrier network around the subnet",
    { addressing: "inside", carrierSubnet: "192.168.0.0/16" },
    ["carrierSubnet: 192.168.0.0/16 must not overlap"],
    ["carrierSubnet: 192.168.0.0/16 が", "と重なっています"],
  ),
  wrong(
    "a carrier network without room",
    { addressing: "inside", carrierSubnet: "10.213.0.0/30" },
    ["carrierSubnet: 10.213.0.0/30 has no room for 3 nodes"],
    ["carrierSubnet: 10.213.0.0/30 には3台分のアドレスがありません"],
  ),
  {
    ...wrong(
      "an address outside the subnet",
      withHost({ address: "10.0.0.1" }),
      ["hosts: the address 10.0.0.1 of host1 is not in the subnet 192.168.1.0/24"],
      ["hosts: host1のアドレス 10.0.0.1 はsubnet 192.168.1.0/24 の中にありません"],
    ),
    isTriedByCommand: true,
  },
  wrong(
    "the gateway's address for a host",
    withHost({ address: "192.168.1.1" }),
    ["192.168.1.1 of host1 belongs to the gateway"],
    ["192.168.1.1 はゲートウェイのものです"],
  ),
  wrong(
    "the DNS server's address for a host",
    withHost({ address: "192.168.1.11" }),
    ["192.168.1.11 of host1 belongs to the DNS server"],
    ["192.168.1.11 はDNSサーバーのものです"],
  ),
  wrong(
    "the broadcast address for a host",
    withHost({ address: "192.168.1.255" }),
    ["192.168.1.255 of host1 belongs to broadcasts"],
    ["192.168.1.255 はブロードキャストのものです"],
  ),
  {
    ...wrong(
      "two hosts at one address",
      withHost({ address: other.address }),
      ["hosts: two hosts have the address 192.168.1.13"],
      ["hosts: アドレス 192.168.1.13 のホストが2台あります"],
    ),
    isTriedByCommand: true,
  },
  wrong(
    "two hosts of one name",
    withHost({ name: other.name }),
    ["two hosts have the name host2"],
    ["名前 host2 のホストが2台"],
  ),
  wrong(
    "two hosts of one domain",
    withHost({ domain: other.domain }),
    ["two hosts have the domain example2.test"],
    ["ドメイン example2.test のホストが2台"],
  ),
  wrong(
    "a host with another node's name",
    withHost({ name: "dns" }),
    ["the name dns belongs to another node"],
    ["dns という名前はラボの別のノードのものです"],
  ),
  wrong(
    "a machine's name longer than DNS takes",
    withHost({ domain: `${"a".repeat(55)}.test` }),
    [`host1${"a".repeat(55)}test`, "has more than 63 characters"],
    [`host1${"a".repeat(55)}test`, "63文字を超えています"],
  ),
  wrong(
    "a user that is an account of the system",
    withHost({ users: ["root"] }),
    ["hosts: the user root of host1 is an account or a group of the system"],
    ["hosts: host1のユーザー root はシステムのアカウントまたはグループです"],
  ),
  wrong(
    "the same user twice",
    withHost({ users: ["taro", "hana", "taro"] }),
    ["host1 has the user taro twice"],
    ["ユーザー taro が2回"],
  ),
  wrong(
    "ports of a host that there isn't",
    { publish: { hosts: { host3: ports } } },
    ["publish: hosts.host3 names no host of the lab; there are host1, host2"],
    ["publish: hosts.host3 というホストはありません（あるのは host1、host2）"],
  ),
  wrong(
    "one port for two services",
    { publish: { dns: 2201, hosts: { host1: ports } } },
    ["publish: dns and host1.ssh have the same port 2201"],
    ["publish: dns と host1.ssh が同じポート 2201"],
  ),
  wrong(
    "a port that another host has by default",
    { publish: { hosts: { host1: { ...ports, imap: 14_313 } } } },
    ["publish: host1.imap and host2.imap have the same port 14313"],
    ["publish: host1.imap と host2.imap が同じポート 14313"],
  ),
  wrong(
    "the loopback to listen on",
    { listen: "127.0.0.1" },
    ["listen: 127.0.0.1 is the loopback, where ssh is published anyway"],
    ["listen: 127.0.0.1 はループバックで、sshはそこには必ず公開されます"],
  ),
  wrong(
    "a multicast address to listen on",
    { listen: "224.0.0.1" },
    ["listen: 224.0.0.1 is a multicast address"],
    ["listen: 224.0.0.1 はマルチキャストアドレスです"],
  ),
  wrong(
    "the broadcast address to listen on",
    { listen: "255.255.255.255" },
    ["listen: 255.255.255.255 is a reserved address"],
    ["listen: 255.255.255.255 は予約済みのアドレスです"],
  ),
  wrong(
    "an address of the lab's carrier network to listen on",
    { addressing: "inside", carrierSubnet: "10.213.0.0/24", listen: "10.213.0.1" },
    ["listen: 10.213.0.1 lies in the lab's carrier network 10.213.0.0/24"],
    ["listen: 10.213.0.1 はラボの土台のネットワーク 10.213.0.0/24 の中"],
  ),
];

/** Files that can't be read as a configuration, and a stage that the chapter hasn't. */
const wrongFiles: readonly BadConfig[] = [
  {
    name: "a stage that the chapter hasn't",
    config: { stage: "6.99" },
    code: "LAB_STAGE",
    exit: 2,
    en: ["stage: there is no stage “6.99”"],
    ja: ["stage: 「6.99」という段階はありません"],
    isTriedByCommand: true,
  },
  {
    name: "a file that is no YAML",
    config: "config:\n  mail-lab:subnet: [10.0.0.0/24\nx",
    code: "LAB_CONFIG_FILE",
    exit: 2,
    en: [".lab/stacks/Pulumi.", "line 3 is no YAML"],
    ja: [".lab/stacks/Pulumi.", "3行目がYAMLの書き方になっていません"],
    isTriedByCommand: true,
  },
  {
    name: "a file that is a list",
    config: "- mail-lab:subnet\n- 10.0.0.0/24\n",
    code: "LAB_CONFIG_FILE",
    exit: 2,
    en: [".lab/stacks/Pulumi.", "must be lines of “key: value”"],
    ja: [".lab/stacks/Pulumi.", "「キー: 値」の形で書いてください"],
  },
  {
    name: "a file whose configuration is a list",
    config: "config:\n  - mail-lab:subnet\n",
    code: "LAB_CONFIG_FILE",
    exit: 2,
    en: ["config: must be lines of “key: value”"],
    ja: ["config: 「キー: 値」の形で書いてください"],
  },
];

/** Every kind of wrong configuration. */
export const configRows: readonly BadConfig[] = [...wrongFields, ...wrongTogether, ...wrongFiles];
