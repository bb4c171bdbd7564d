import { networkInterfaces } from "node:os";
import { describe, expect, it } from "vitest";
import {
  addressesToType,
  isLocalEngine,
  ownAddresses,
  requireOwnAddress,
  sshLogins,
} from "../../../src/lab/machine/own-addresses.ts";
import { LabError } from "../../../src/model/lab-error.ts";

const socket = "unix:///var/run/docker.sock";

describe("an engine", () => {
  it.each(["", socket, "npipe:////./pipe/docker_engine", "tcp://127.0.0.1:2375", "tcp://localhost:2375"])(
    "at “%s” publishes on this machine",
    (engine) => {
      expect(isLocalEngine(engine)).toBe(true);
    },
  );

  it.each(["ssh://teacher@server.example", "tcp://192.0.2.7:2376"])("at %s does not", (engine) => {
    expect(isLocalEngine(engine)).toBe(false);
  });
});

describe("this machine's addresses by which others may come", () => {
  it("are none of the loopback and none of a Docker bridge", () => {
    const names = ownAddresses().map((own) => own.interface);
    for (const name of names) expect(name).not.toMatch(/^(lo|docker\d+|br-[0-9a-f]{12})$/);
    for (const { address } of ownAddresses()) expect(address).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
  });

  it("are what a student types where ssh is published on all of them", () => {
    expect(addressesToType("0.0.0.0", "")).toEqual(ownAddresses().map(({ address }) => address));
    expect(addressesToType("0.0.0.0", "ssh://teacher@server.example")).toEqual(["server.example"]);
    expect(addressesToType("192.168.0.10", "")).toEqual(["192.168.0.10"]);
    expect(addressesToType("", "")).toEqual([]);
  });
});

describe("a login from another machine", () => {
  it("is ssh as the administrator to the published port, and none where ssh is on the loopback alone", () => {
    const network = { addressing: "inside", subnet: "192.168.1.0/24", listen: "192.168.0.10" } as const;
    const ports = { ssh: 2212, smtp: 2512, pop3: 11_012, imap: 14_312 };
    const host = {
      ...{ name: "host1", hostname: "host1example1test", domain: "example1.test", address: "192.168.1.12" },
      ...{ users: ["user1"], ports, hostKey: "" },
    };
    expect(sshLogins({ network }, host, "")).toEqual(["ssh -p 2212 ubuntu@192.168.0.10"]);
    expect(sshLogins({ network: { ...network, listen: "" } }, host, "")).toEqual([]);
  });
});

describe("an address to listen on", () => {
  it("is refused where the machine hasn't it, with those that it has", () => {
    const refuse = () => {
      requireOwnAddress("203.0.113.77", socket);
    };
    expect(refuse).toThrow(LabError);
    expect(refuse).toThrow(/hasn't the address 203\.0\.113\.77; it has /);
  });

  it("is refused where it is the loopback's or a bridge's of Docker, which nobody outside reaches", () => {
    const bridges = Object.entries(networkInterfaces()).filter(([name]) => /^(lo|docker\d+)$/.test(name));
    for (const { address } of bridges.flatMap(([, addresses = []]) => addresses)) {
      expect(() => {
        requireOwnAddress(address, socket);
      }).toThrow(/LAB_LISTEN_ADDRESS|hasn't the address/);
    }
  });

  it("is taken where the machine has it, where it is all of them, and unseen where the engine is elsewhere", () => {
    for (const { address } of ownAddresses()) requireOwnAddress(address, socket);
    requireOwnAddress("0.0.0.0", socket);
    requireOwnAddress("203.0.113.77", "ssh://teacher@server.example");
  });
});
