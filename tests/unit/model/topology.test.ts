import { describe, expect, it } from "vitest";
import { planTopology } from "../../../src/model/topology.ts";
import { configWith } from "../../support/default-config.ts";

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
