import type { BadConfig } from "./bad-input.ts";
import { host, withHost, wrong } from "./wrong-config.ts";

/** Fields that are wrong each by itself. */
export const wrongFields: readonly BadConfig[] = [
  wrong(
    "a subnet that isn't one",
    { subnet: "banana" },
    ["subnet: must be an IPv4 network such as 192.168.1.0/24", '"banana"'],
    ["subnet: 192.168.1.0/24 のようなIPv4ネットワーク", '"banana"'],
  ),
  wrong(
    "a subnet with host bits",
    { subnet: "192.168.1.7/24" },
    ["subnet: must be an IPv4 network", '"192.168.1.7/24"'],
    ["subnet: ", "IPv4ネットワークにしてください", '"192.168.1.7/24"'],
  ),
  wrong(
    "an IPv6 network where an IPv4 one is meant",
    { subnet: "fd00::/64" },
    ["subnet: must be an IPv4 network", '"fd00::/64"'],
    ["subnet: ", "IPv4ネットワーク", '"fd00::/64"'],
  ),
  wrong(
    "an IPv6 address where an IPv4 one is meant",
    withHost({ address: "fd00::12" }),
    ["hosts.0.address: must be an IPv4 address such as 192.168.1.12", '"fd00::12"'],
    ["hosts.0.address: 192.168.1.12 のようなIPv4アドレス", '"fd00::12"'],
  ),
  wrong(
    "an address with a number that an octet can't have",
    withHost({ address: "192.168.1.300" }),
    ["hosts.0.address: must be an IPv4 address", '"192.168.1.300"'],
    ["hosts.0.address: ", "IPv4アドレスにしてください", '"192.168.1.300"'],
  ),
  {
    ...wrong(
      "a domain with a space",
      withHost({ domain: "example 1.test" }),
      ["hosts.0.domain: must be a domain name such as example1.test", '"example 1.test"'],
      ["hosts.0.domain: example1.test のようなドメイン名", '"example 1.test"'],
    ),
    isTriedByCommand: true,
  },
  wrong(
    "a domain that begins with a hyphen",
    withHost({ domain: "-a.test" }),
    ["hosts.0.domain: must be a domain name", '"-a.test"'],
    ["hosts.0.domain: ", "ドメイン名にしてください", '"-a.test"'],
  ),
  wrong(
    "a host's name with a sign that no name has",
    withHost({ name: "host_1!" }),
    ["hosts.0.name: must begin with a lower-case letter", '"host_1!"'],
    ["hosts.0.name: 英小文字で始まる", '"host_1!"'],
  ),
  wrong(
    "a user's name in capitals",
    withHost({ users: ["User1"] }),
    ["hosts.0.users.0: must be a user name such as user1", '"User1"'],
    ["hosts.0.users.0: user1 のようなユーザー名", '"User1"'],
  ),
  wrong(
    "a word that is none of the list",
    { addressing: "bridge" },
    ["addressing: must be docker or inside", '"bridge"'],
    ["addressing: dockerかinsideにしてください", '"bridge"'],
  ),
  wrong(
    "text where a truth value belongs",
    { upstream: "sometimes" },
    ["upstream: must be true or false", '"sometimes"'],
    ["upstream: trueかfalseにしてください", '"sometimes"'],
  ),
  wrong(
    "a number where a list belongs",
    { securityOpts: 5 },
    ["securityOpts: must be a list", "not 5"],
    ["securityOpts: リストにしてください", "現在は 5"],
  ),
  wrong(
    "nothing where a list belongs",
    { hosts: null },
    ["hosts: must be a list", "not null"],
    ["hosts: リストにしてください", "現在は null"],
  ),
  wrong(
    "text where a port belongs",
    { publish: { dns: "many" } },
    ["publish.dns: must be a number", '"many"'],
    ["publish.dns: 数値にしてください", '"many"'],
  ),
  {
    ...wrong(
      "a port out of range",
      { publish: { dns: 70_000 } },
      ["publish.dns: must be a whole number from 1 to 65535", "70000"],
      ["publish.dns: 1から65535までの整数にしてください", "70000"],
    ),
    isTriedByCommand: true,
  },
  {
    ...wrong(
      "a key that there isn't",
      { subnets: "10.0.0.0/24" },
      ["configuration: there is no field subnets"],
      ["設定全体: subnets という項目はありません"],
    ),
    isTriedByCommand: true,
  },
  wrong(
    "a field that a host hasn't",
    withHost({ mail: true }),
    ["hosts.0: there is no field mail"],
    ["hosts.0: mail という項目はありません"],
  ),
  wrong("no hosts", { hosts: [] }, ["hosts: must have at least one entry"], ["hosts: 1つ以上書いてください"]),
  wrong(
    "more hosts than a machine's ports are laid out for",
    {
      hosts: Array.from({ length: 21 }, (_, index) => ({
        ...host,
        name: `h${index}`,
        domain: `d${index}.test`.replaceAll(/\d/g, (digit) => "abcdefghij"[Number(digit)] ?? ""),
        address: `192.168.1.${20 + index}`,
      })),
    },
    ["hosts: must have at most 20 entries"],
    ["hosts: 20台までにしてください"],
  ),
  wrong(
    "a host without users",
    withHost({ users: [] }),
    ["hosts.0.users: must have at least one entry"],
    ["hosts.0.users: 1つ以上書いてください"],
  ),
  wrong(
    "a base image whose name can't be one",
    { baseImage: "Not An Image" },
    ["baseImage: must name an image such as ubuntu:24.04", '"Not An Image"'],
    ["baseImage: ubuntu:24.04 のようなイメージ名", '"Not An Image"'],
  ),
  wrong(
    "an address to listen on that isn't one",
    { listen: "classroom" },
    ["listen: must be empty, 0.0.0.0 or an IPv4 address of this machine", '"classroom"'],
    ["listen: 空にするか、0.0.0.0、または", '"classroom"'],
  ),
  wrong(
    "an IPv6 address to listen on",
    { listen: "fd00::12" },
    ["listen: must be empty, 0.0.0.0 or an IPv4 address", '"fd00::12"'],
    ["listen: 空にするか、0.0.0.0、または", "IPv4アドレス", '"fd00::12"'],
  ),
  wrong(
    "an engine that is no address",
    { engine: "class room" },
    ["engine: must be empty or an address as DOCKER_HOST has it", '"class room"'],
    ["engine: 空にするか、DOCKER_HOSTと同じ形", '"class room"'],
  ),
];
