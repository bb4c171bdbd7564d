import { describe, expect, it } from "vitest";
import { configKeys, parseLabConfig, textKeys } from "../../../src/model/lab-config.ts";
import { LabError } from "../../../src/model/lab-error.ts";
import { sshAddresses } from "../../../src/model/listen-rules.ts";
import { configWith, declaredDefaults, declaredTypes } from "../../support/default-config.ts";

const host = { name: "host1", domain: "example1.test", address: "192.168.1.12", users: ["user1"] };
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

/** What a stack's file can't hold; tests/cli/bad-input has what it can. */
const refusals: readonly Refusal[] = [
  [
    "a stage for a host that is none",
    { stages: { host9: "6.05" } },
    "stages: host9 names no host of the lab; there are host1",
    "stages: host9 というホストはありません",
  ],
  ["no stage", { stage: undefined }, "stage: is missing", "stage: 指定がありません"],
  [
    "a lab without its carrier",
    { addressing: "inside" },
    "carrierSubnet: must name a network of its own",
    "carrierSubnet: addressingがinsideのとき",
  ],
  [
    "a language that the desk has not",
    { desk: "fr" },
    'desk: must be empty or ja or en, not "fr"',
    'desk: 空かjaかenにしてください（現在は "fr"）',
  ],
  [
    "a host at the desk's address",
    { desk: "ja", hosts: [{ ...host, address: "192.168.1.122" }] },
    "hosts: the address 192.168.1.122 of host1 belongs to the desk",
    "hosts: host1のアドレス 192.168.1.122 はデスクのものです",
  ],
  [
    "a desk in a range that has not its address",
    { desk: "ja", subnet: "10.9.1.0/26", hosts: [{ ...host, address: "10.9.1.12" }] },
    "desk: the desk is the subnet's address 122, which 10.9.1.0/26 has not",
    "desk: デスクはsubnetの122番目のアドレスを使いますが、10.9.1.0/26 にはありません",
  ],
  [
    "a desk at a port of a host",
    { desk: "ja", publish: { desk: 2212 } },
    "publish: desk and host1.ssh have the same port 2212",
    "publish: desk と host1.ssh が同じポート 2212 です",
  ],
  [
    "a carrier network with room for all but the desk",
    { desk: "ja", hosts: [host], addressing: "inside", carrierSubnet: "10.213.0.0/30" },
    "carrierSubnet: 10.213.0.0/30 has no room for 3 nodes",
    "carrierSubnet: 10.213.0.0/30 には3台分",
  ],
];

describe("where ssh is published", () => {
  it("is the loopback, and what the configuration adds to it", () => {
    expect(sshAddresses("")).toEqual(["127.0.0.1"]);
    expect(sshAddresses("192.168.0.10")).toEqual(["127.0.0.1", "192.168.0.10"]);
  });

  it("is once everywhere where every address of the machine is meant: the loopback is one of them", () => {
    expect(sshAddresses("0.0.0.0")).toEqual(["0.0.0.0"]);
  });

  it("may lie in the textbook's range where that is the machine's own network and the addresses are inside", () => {
    const listen = "192.168.1.200";
    expect(refusalOf({ addressing: "docker", listen }).text.en).toContain("lies in the lab's own network");
    expect(configWith({ addressing: "inside", carrierSubnet: "10.213.0.0/24", listen })).toMatchObject({
      listen,
    });
  });
});

describe("the lab's configuration", () => {
  it("has in Pulumi.yaml just the keys that the program reads, and defaults that pass", () => {
    expect(Object.keys(declaredDefaults()).sort()).toEqual([...configKeys].sort());
    expect(configWith().hosts.map(({ name }) => name)).toEqual(["host1", "host2"]);
  });

  it("has as text the keys that Pulumi.yaml declares as strings", () => {
    const strings = Object.entries(declaredTypes()).filter(([, type]) => type === "string");
    expect([...textKeys].sort()).toEqual(strings.map(([key]) => key).sort());
  });

  it.each(refusals)(
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

  it("may say what the desk is created as, whether there is one or not", () => {
    expect(configWith({ starts: { desk: "exercise" } }).starts).toEqual({ desk: "exercise" });
    expect(refusalOf({ stages: { desk: "6.05" } }).text.en).toContain("stages: desk names no host");
  });

  it("lets a carrier be chosen later, and ports stand that a removed host had, where that is said", () => {
    const raw = { ...declaredDefaults(), addressing: "inside", publish: { hosts: { host3: ports } } };
    const leniency = { mayLackCarrier: true, mayPublishUnknownHosts: true };
    expect(parseLabConfig(raw, leniency).addressing).toBe("inside");
  });
});
