import { describe, expect, it } from "vitest";
import { configKeys } from "../../../src/model/lab-config.ts";
import { configWith, declaredDefaults } from "../../support/default-config.ts";

const host = { name: "host1", domain: "example1.test", address: "192.168.1.12", users: ["user1"] };

describe("the lab's configuration", () => {
  it("has in Pulumi.yaml just the keys that the program reads, and defaults that pass", () => {
    expect(Object.keys(declaredDefaults()).sort()).toEqual([...configKeys].sort());
    expect(configWith().hosts.map(({ name }) => name)).toEqual(["host1", "host2"]);
  });

  it.each([
    ["subnet", { subnet: "192.168.1.7/24" }, "subnet: must be an IPv4 network"],
    ["addressing", { addressing: "bridge" }, "addressing:"],
    ["carrier", { addressing: "inside" }, "carrierSubnet: must name a network of its own"],
    [
      "an address outside",
      { hosts: [{ ...host, address: "10.0.0.1" }] },
      "10.0.0.1 of host1 is not in the subnet",
    ],
    [
      "two of one address",
      { hosts: [host, { ...host, name: "b", domain: "b.test" }] },
      "the address 192.168.1.12",
    ],
    [
      "two of one name",
      { hosts: [host, { ...host, address: "192.168.1.13", domain: "b.test" }] },
      "the name host1",
    ],
    ["a reserved name", { hosts: [{ ...host, name: "dns" }] }, "dns belongs to another node"],
    ["a reserved address", { hosts: [{ ...host, address: "192.168.1.11" }] }, "192.168.1.11"],
    ["a port", { publish: { dns: 70_000 } }, "publish.dns"],
    ["an unknown field", { hosts: [{ ...host, mail: true }] }, "hosts.0"],
    ["no users", { hosts: [{ ...host, users: [] }] }, "hosts.0.users"],
  ])("refuses %s by field and rule", (_name, changes, sentence) => {
    expect(() => configWith(changes)).toThrow(sentence);
  });
});
