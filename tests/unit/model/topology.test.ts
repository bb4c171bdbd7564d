import { describe, expect, it } from "vitest";
import { defaultPorts, planTopology, portsIn } from "../../../src/model/topology.ts";
import { configWith } from "../../support/default-config.ts";

/** A host of that number with one user. */
function hostAt(number: number, address: string, users: readonly string[] = [`user${number}`]) {
  return { name: `host${number}`, domain: `example${number}.test`, address, users };
}

/** The ssh ports of a lab of these hosts. */
function sshPorts(subnet: string, addresses: readonly string[]): number[] {
  const hosts = addresses.map((address, index) => hostAt(index + 1, address));
  return planTopology(configWith({ subnet, hosts })).hosts.map(({ ports }) => ports.ssh);
}

describe("the default topology", () => {
  const topology = planTopology(configWith());

  it("has the textbook's names and addresses", () => {
    expect(topology.dns.address).toBe("192.168.1.11");
    expect(topology.gateway).toBe("192.168.1.1");
    expect(topology.hosts.map(({ hostname, mailName, address }) => [hostname, mailName, address])).toEqual([
      ["host1example1test", "mail.example1.test", "192.168.1.12"],
      ["host2example2test", "mail.example2.test", "192.168.1.13"],
    ]);
  });

  it("gives each service a port that tells service and address", () => {
    expect(topology.dns.port).toBe(5311);
    expect(topology.hosts[0]?.ports).toEqual({ ssh: 2212, smtp: 2512, pop3: 11_012, imap: 14_312 });
  });

  it("takes the ports that the configuration gives", () => {
    const hosts = { host2: { ssh: 1, smtp: 2, pop3: 3, imap: 4 } };
    const moved = planTopology(configWith({ publish: { dns: 5, hosts } }));
    expect(moved.dns.port).toBe(5);
    expect(moved.hosts.map(({ ports }) => ports.ssh)).toEqual([2212, 1]);
  });
});

describe("a topology of another size", () => {
  it("has three hosts, each with its own names and ports", () => {
    const addresses = ["192.168.1.12", "192.168.1.13", "192.168.1.14"];
    const hosts = addresses.map((address, index) => hostAt(index + 1, address));
    const topology = planTopology(configWith({ hosts }));
    expect(topology.hosts.map(({ hostname }) => hostname)).toEqual([
      "host1example1test",
      "host2example2test",
      "host3example3test",
    ]);
    expect(topology.hosts.map(({ ports }) => ports.imap)).toEqual([14_312, 14_313, 14_314]);
  });

  it("lies in a range of one's own, the DNS server at its address 11", () => {
    const hosts = [hostAt(1, "10.9.1.12"), hostAt(2, "10.9.2.13")];
    const topology = planTopology(configWith({ subnet: "10.9.0.0/16", hosts }));
    expect(topology).toMatchObject({ gateway: "10.9.0.1", prefixLength: 16, dns: { address: "10.9.0.11" } });
  });

  it("fits into the smallest range", () => {
    const topology = planTopology(
      configWith({ subnet: "10.9.1.16/28", hosts: [hostAt(1, "10.9.1.28"), hostAt(2, "10.9.1.30")] }),
    );
    expect(topology.dns).toEqual({ name: "dns", address: "10.9.1.27", port: 5327 });
  });

  it.each([
    ["192.168.1.0/24", ["192.168.1.12", "192.168.1.112"]],
    ["10.9.0.0/16", ["10.9.1.12", "10.9.2.12"]],
  ])("numbers the ports in %s where addresses would give two hosts the same", (subnet, addresses) => {
    expect(sshPorts(subnet, addresses)).toEqual([2201, 2202]);
  });

  it("has several users on a host, and the same one on two", () => {
    const hosts = [hostAt(1, "192.168.1.12", ["taro", "hana"]), hostAt(2, "192.168.1.13", ["taro"])];
    const topology = planTopology(configWith({ hosts }));
    expect(topology.hosts.map(({ users }) => users)).toEqual([["taro", "hana"], ["taro"]]);
  });
});

describe("the desk", () => {
  it("is no part of a lab unless it is asked for", () => {
    expect(planTopology(configWith())).not.toHaveProperty("desk");
  });

  it("is the textbook's host PC, at noVNC's usual port", () => {
    expect(planTopology(configWith({ desk: "ja" })).desk).toEqual({
      name: "desk",
      address: "192.168.1.122",
      port: 6080,
      language: "ja",
    });
  });

  it("is the address 122 of another range, at the port that the configuration gives", () => {
    const hosts = [hostAt(1, "10.9.1.12")];
    const config = configWith({ subnet: "10.9.0.0/16", hosts, desk: "en", publish: { desk: 6100 } });
    expect(planTopology(config).desk).toMatchObject({ address: "10.9.0.122", port: 6100, language: "en" });
  });

  it("has its port among the lab's, and only where there is one", () => {
    expect(portsIn(defaultPorts(configWith()))).not.toContain(6080);
    expect(portsIn(defaultPorts(configWith({ desk: "ja" })))).toEqual(
      expect.arrayContaining([5311, 2212, 14_313, 6080]),
    );
  });
});
