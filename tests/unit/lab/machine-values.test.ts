import { createServer, type Server } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import {
  addressingAmong,
  chooseDeskPort,
  choosePorts,
  holdersWithin,
  parseRoutes,
} from "../../../src/lab/machine/machine-values.ts";
import { parseCidr } from "../../../src/model/ipv4.ts";
import { configWith } from "../../support/default-config.ts";

/** Ranges in use, each by what its own text names. */
function inUse(...subnets: readonly string[]) {
  return subnets.flatMap((subnet) => {
    const network = parseCidr(subnet);
    return network === undefined ? [] : [{ network, holder: { en: `en ${subnet}`, ja: `ja ${subnet}` } }];
  });
}

const lan = "192.168.1.0/24";

describe("who holds the lab's addresses", () => {
  it("is Docker where the range is free", () => {
    expect(addressingAmong(inUse("192.168.2.0/24"), lan, undefined)).toEqual({
      addressing: "docker",
      carrierSubnet: "",
    });
  });

  it("is the containers where something else has the range, which is named in both languages", () => {
    expect(addressingAmong(inUse("192.168.0.0/16", "10.213.0.0/24"), lan, undefined)).toEqual({
      addressing: "inside",
      carrierSubnet: "10.213.1.0/24",
      holder: { en: "en 192.168.0.0/16", ja: "ja 192.168.0.0/16" },
    });
  });

  it("is whom the user wants; the carrier network is chosen all the same", () => {
    expect(addressingAmong([], lan, "inside")).toEqual({
      addressing: "inside",
      carrierSubnet: "10.213.0.0/24",
    });
    expect(addressingAmong(inUse(lan), lan, "docker")).toEqual({ addressing: "docker", carrierSubnet: "" });
  });

  it("have a carrier network that is not the lab's own range", () => {
    expect(addressingAmong([], "10.213.0.0/23", "inside").carrierSubnet).toBe("10.213.2.0/24");
  });

  it("are refused where every carrier network is taken", () => {
    expect(() => addressingAmong(inUse("10.213.0.0/16"), lan, "inside")).toThrow(
      "Every network of 10.213.0.0/16 is in use",
    );
  });
});

let taken: Server | undefined;
afterEach(async () => {
  if (taken !== undefined) await new Promise((resolve) => taken?.close(resolve));
  taken = undefined;
});

describe("the published ports", () => {
  it("are all another set further up where one of the default ones is taken", async () => {
    const config = configWith();
    const before = await choosePorts(config);
    const held = before.hosts["host2"]?.imap ?? 0;
    taken = createServer();
    await new Promise<void>((resolve) => taken?.listen(held, "127.0.0.1", resolve));
    const after = await choosePorts(config);
    const step = after.dns - before.dns;
    expect(step).toBeGreaterThan(0);
    expect(step % 20).toBe(0);
    expect(after.hosts["host2"]?.imap).toBe(held + step);
  });

  it("are another set where a stopped lab needs one of the default ones again", async () => {
    const config = configWith();
    const before = await choosePorts(config);
    const after = await choosePorts(config, new Set([before.dns]));
    expect(after.dns).toBeGreaterThan(before.dns);
  });

  it("are all different where two hosts have addresses that end alike", async () => {
    const hosts = ["192.168.1.12", "192.168.1.112"].map((address, index) => {
      const number = index + 1;
      return { name: `host${number}`, domain: `example${number}.test`, address, users: ["taro"] };
    });
    const ports = await choosePorts(configWith({ hosts }));
    const all = [ports.dns, ...Object.values(ports.hosts).flatMap((host) => Object.values(host))];
    expect(new Set(all).size).toBe(9);
  });
});

describe("the ranges in use", () => {
  const table = [
    "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT",
    "eth0\t00000000\t0101A8C0\t0003\t0\t0\t0\t00000000\t0\t0\t0",
    "eth0\t0001A8C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0",
    "docker0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0",
    "",
  ].join("\n");

  it("are those of the kernel's route table, save the default route", () => {
    expect(parseRoutes(table)).toEqual([
      { network: parseCidr("192.168.1.0/24"), holder: { en: "a route by eth0", ja: "eth0 の経路" } },
      { network: parseCidr("172.17.0.0/16"), holder: { en: "a route by docker0", ja: "docker0 の経路" } },
    ]);
    expect(parseRoutes("")).toEqual([]);
  });

  it("hold a range where they have a part of it, or all of it and more, each holder once", () => {
    const occupied = [
      ...parseRoutes(table),
      ...parseRoutes(table),
      ...inUse("192.168.1.64/27", "192.168.0.0/16", "192.168.2.0/24"),
    ];
    expect(holdersWithin("192.168.1.0/24", occupied).map(({ en }) => en)).toEqual([
      "a route by eth0",
      "en 192.168.1.64/27",
      "en 192.168.0.0/16",
    ]);
  });
});

describe("the desk's port", () => {
  it("is chosen with the lab's others, and none where there is no desk", async () => {
    expect(await choosePorts(configWith())).not.toHaveProperty("desk");
    const { dns, desk = 0 } = await choosePorts(configWith({ desk: "ja" }));
    expect(desk - 6080).toBe(dns - 5311);
  });

  it("is another one where a stopped lab has the usual one, in a lab whose other ports stand too", async () => {
    const reserved = new Set([6080]);
    expect((await choosePorts(configWith({ desk: "ja" }), reserved)).desk).toBeGreaterThan(6080);
    expect(await chooseDeskPort(reserved)).toBeGreaterThan(6080);
  });

  it("is never one that browsers refuse to open", async () => {
    const below10080 = new Set(Array.from({ length: 200 }, (_, index) => 6080 + index * 20));
    expect(await chooseDeskPort(below10080)).toBeGreaterThan(10_080);
  });
});
