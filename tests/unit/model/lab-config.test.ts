import { describe, expect, it } from "vitest";
import { configKeys, parseLabConfig, textKeys } from "../../../src/model/lab-config.ts";
import { LabError } from "../../../src/model/lab-error.ts";
import { configWith, declaredDefaults, declaredTypes } from "../../support/default-config.ts";

const host = { name: "host1", domain: "example1.test", address: "192.168.1.12", users: ["user1"] };
const other = { name: "host2", domain: "example2.test", address: "192.168.1.13", users: ["user2"] };
const ports = { ssh: 2201, smtp: 2501, pop3: 11_001, imap: 14_301 };

/** Why a configuration is refused. */
function refusalOf(changes: Readonly<Record<string, unknown>>): LabError {
  try {
    configWith(changes);
  } catch (error) {
    if (error instanceof LabError) return error;
    throw error;
  }
  throw new Error("the configuration was taken");
}

/** Name, what is changed in the default lab, the English and the Japanese sentence. */
type Refusal = readonly [string, Readonly<Record<string, unknown>>, string, string];

const wrongFields: readonly Refusal[] = [
  [
    "a subnet with host bits",
    { subnet: "192.168.1.7/24" },
    'subnet: must be an IPv4 network such as 192.168.1.0/24, not "192.168.1.7/24"',
    'subnet: 192.168.1.0/24 のようなIPv4ネットワークにしてください（現在は "192.168.1.7/24"）',
  ],
  [
    "a word that is none of the list",
    { addressing: "bridge" },
    'addressing: must be docker or inside, not "bridge"',
    'addressing: dockerかinsideにしてください（現在は "bridge"）',
  ],
  [
    "text where a number belongs",
    { publish: { dns: "many" } },
    'publish.dns: must be a number, not "many"',
    'publish.dns: 数値にしてください（現在は "many"）',
  ],
  [
    "a port that is none",
    { publish: { dns: 70_000 } },
    "publish.dns: must be a whole number from 1 to 65535, not 70000",
    "publish.dns: 1から65535までの整数にしてください（現在は 70000）",
  ],
  [
    "an unknown field",
    { hosts: [{ ...host, mail: true }] },
    "hosts.0: there is no field mail",
    "hosts.0: mail という項目はありません",
  ],
  ["no stage", { stage: undefined }, "stage: is missing", "stage: 指定がありません"],
  ["no hosts", { hosts: [] }, "hosts: must have at least one entry", "hosts: 1つ以上書いてください"],
  [
    "no users",
    { hosts: [{ ...host, users: [] }] },
    "hosts.0.users: must have at least one entry",
    "hosts.0.users: 1つ以上書いてください",
  ],
  [
    "a domain that begins with a hyphen",
    { hosts: [{ ...host, domain: "-a.test" }] },
    "hosts.0.domain: must be a domain name",
    "hosts.0.domain: example1.test のようなドメイン名",
  ],
];

const wrongTogether: readonly Refusal[] = [
  [
    "a subnet too small for the DNS server",
    { subnet: "192.168.1.8/29" },
    "subnet: 192.168.1.8/29 must be from /8 to /28",
    "subnet: 192.168.1.8/29 は/8から/28まで",
  ],
  [
    "a lab without its carrier",
    { addressing: "inside" },
    "carrierSubnet: must name a network of its own",
    "carrierSubnet: addressingがinsideのとき",
  ],
  [
    "a carrier that is the subnet",
    { addressing: "inside", carrierSubnet: "192.168.1.0/24" },
    "carrierSubnet: 192.168.1.0/24 must not overlap the subnet 192.168.1.0/24",
    "と重なっています",
  ],
  [
    "a carrier around the subnet",
    { addressing: "inside", carrierSubnet: "192.168.0.0/16" },
    "carrierSubnet: 192.168.0.0/16 must not overlap",
    "と重なっています",
  ],
  [
    "a carrier without room",
    { addressing: "inside", carrierSubnet: "10.213.0.0/30" },
    "carrierSubnet: 10.213.0.0/30 has no room for 3 nodes",
    "3台分のアドレスがありません",
  ],
  [
    "an address outside",
    { hosts: [{ ...host, address: "10.0.0.1" }] },
    "the address 10.0.0.1 of host1 is not in the subnet",
    "の中にありません",
  ],
  [
    "the gateway's address",
    { hosts: [{ ...host, address: "192.168.1.1" }] },
    "192.168.1.1 of host1 belongs to the gateway",
    "192.168.1.1 はゲートウェイのものです",
  ],
  [
    "the DNS server's address",
    { hosts: [{ ...host, address: "192.168.1.11" }] },
    "192.168.1.11 of host1 belongs to the DNS server",
    "192.168.1.11 はDNSサーバーのものです",
  ],
  [
    "the broadcast address",
    { hosts: [{ ...host, address: "192.168.1.255" }] },
    "192.168.1.255 of host1 belongs to broadcasts",
    "192.168.1.255 はブロードキャストのものです",
  ],
  [
    "two hosts of one address",
    { hosts: [host, { ...other, address: host.address }] },
    "two hosts have the address 192.168.1.12",
    "アドレス 192.168.1.12 のホストが2台",
  ],
  [
    "two hosts of one name",
    { hosts: [host, { ...other, name: host.name }] },
    "two hosts have the name host1",
    "名前 host1 のホストが2台",
  ],
  [
    "two hosts of one domain",
    { hosts: [host, { ...other, domain: host.domain }] },
    "two hosts have the domain example1.test",
    "ドメイン example1.test のホストが2台",
  ],
  [
    "a name of another node",
    { hosts: [{ ...host, name: "dns" }] },
    "the name dns belongs to another node",
    "dns という名前はラボの別のノードのものです",
  ],
  [
    "a machine's name longer than DNS takes",
    { hosts: [{ ...host, domain: `${"a".repeat(55)}.test` }] },
    "has more than 63 characters",
    "63文字を超えています",
  ],
  [
    "the same user twice",
    { hosts: [{ ...host, users: ["taro", "hana", "taro"] }] },
    "host1 has the user taro twice",
    "ユーザー taro が2回",
  ],
  [
    "ports of a host that there is not",
    { publish: { hosts: { host3: ports } } },
    "publish: hosts.host3 names no host of the lab; there are host1, host2",
    "hosts.host3 というホストはありません",
  ],
  [
    "one port for two services",
    { publish: { dns: 2201, hosts: { host1: ports } } },
    "publish: dns and host1.ssh have the same port 2201",
    "dns と host1.ssh が同じポート 2201",
  ],
  [
    "a port that another host has by default",
    { publish: { hosts: { host1: { ...ports, imap: 14_313 } } } },
    "publish: host1.imap and host2.imap have the same port 14313",
    "host1.imap と host2.imap が同じポート 14313",
  ],
];

describe("the lab's configuration", () => {
  it("has in Pulumi.yaml just the keys that the program reads, and defaults that pass", () => {
    expect(Object.keys(declaredDefaults()).sort()).toEqual([...configKeys].sort());
    expect(configWith().hosts.map(({ name }) => name)).toEqual(["host1", "host2"]);
  });

  it("has as text the keys that Pulumi.yaml declares as strings", () => {
    const strings = Object.entries(declaredTypes()).filter(([, type]) => type === "string");
    expect([...textKeys].sort()).toEqual(strings.map(([key]) => key).sort());
  });

  it.each([...wrongFields, ...wrongTogether])(
    "refuses %s in both languages, by field and rule",
    (_name, changes, english, japanese) => {
      const { code, exit, text } = refusalOf(changes);
      expect([code, exit]).toEqual(["LAB_CONFIG", 2]);
      expect(text.en).toContain(english);
      expect(text.ja).toContain(japanese);
    },
  );

  it.each(["root", "mail", "ubuntu", "postmaster", "sudo", "dovecot"])(
    "refuses the user %s, which the system has already",
    (user) => {
      const { text } = refusalOf({ hosts: [{ ...host, users: [user] }] });
      expect(text.en).toContain(`the user ${user} of host1 is an account or a group of the system`);
      expect(text.ja).toContain(`ユーザー ${user} はシステムのアカウント`);
    },
  );

  it("names every rule that is broken", () => {
    const { text } = refusalOf({ addressing: "inside", hosts: [{ ...host, users: ["root"] }] });
    expect(text.en).toMatch(/carrierSubnet: .*; hosts: the user root/);
    expect(text.ja).toMatch(/carrierSubnet: .*。hosts: /);
  });

  it("lets a carrier be chosen later, and ports stand that a removed host had, where that is said", () => {
    const raw = { ...declaredDefaults(), addressing: "inside", publish: { hosts: { host3: ports } } };
    const leniency = { mayLackCarrier: true, mayPublishUnknownHosts: true };
    expect(parseLabConfig(raw, leniency).addressing).toBe("inside");
  });
});
